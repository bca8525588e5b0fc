//! Chinese and Ukrainian sentences, clause by clause.
//!
//! Word order says less here than in English: a clause with a trigger, a
//! license and a firm is an event of that firm unless a word in it says
//! otherwise; what a clause leaves out it takes from the one before.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::names::Names;
use super::parts::{self, Article, Chunk, Group, Hit, Holder, Naming, Theme, ThemeKind};
use super::rules::{Frame, Rules, Tongue};
use super::talk::{Event, Mood, Talk, firm};
use crate::model::license::{LicenseAction, LicenseType, Role};

/// A sentence under reading.
pub(super) struct Reader<'a> {
    sentence: &'a Sentence<'a>,
    index: usize,
    names: &'a Names,
    rules: &'a Rules,
    pub(super) chunks: Vec<Chunk>,
    pub(super) themes: Vec<Theme>,
    pub(super) hits: Vec<Hit>,
    clauses: Vec<Range<usize>>,
}

/// What earlier clauses of the sentence said.
#[derive(Default)]
struct Carried {
    subject: Vec<Holder>,
    theme: Option<usize>,
    license: LicenseType,
    claimed: bool,
    denied: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        sentence: &'a Sentence<'a>,
        index: usize,
        names: &'a Names,
        rules: &'a Rules,
        talk: &Talk,
    ) -> Self {
        let mut chunks = parts::lists(&sentence.low, &names.mentions[index], names);
        match sentence.tongue {
            Tongue::Zh => groups_zh(sentence, &mut chunks, names, rules, talk),
            Tongue::Uk | Tongue::En => groups_uk(sentence, &mut chunks, names, rules, talk),
        }
        references(sentence, &mut chunks, names, rules, talk);
        chunks.sort_by_key(|chunk| chunk.at.start);
        let themes = parts::themes(sentence, &chunks, rules);
        let hits = parts::hits(&sentence.low, sentence.tongue, rules, sentence.item);
        let clauses = unbroken(clauses(&sentence.low, sentence.tongue), &chunks);
        Self { sentence, index, names, rules, chunks, themes, hits, clauses }
    }

    /// The events of the sentence, and what the talk learns from it.
    pub(super) fn read(&self, talk: &mut Talk) -> Vec<Event> {
        let mut events = Vec::new();
        let low = &self.sentence.low;
        let undecided = self.rules.mood.undecided.iter().any(|pattern| pattern.is_match(low));
        let mut carried = Carried::default();
        for clause in &self.clauses {
            let words = &low[clause.clone()];
            let inside: Vec<&Hit> = self
                .hits
                .iter()
                .filter(|hit| clause.start <= hit.at.start && hit.at.end <= clause.end)
                .collect();
            let lead = self.lead(clause);
            for (i, hit) in inside.iter().enumerate() {
                let next = inside.get(i + 1).map(|next| next.at.clone());
                if undecided || self.noun(hit, next.as_ref()) {
                    continue;
                }
                let previous =
                    i.checked_sub(1).and_then(|i| inside.get(i)).map(|hit| hit.at.clone());
                if let Some(found) = self.event(clause, hit, previous.as_ref(), &carried, talk) {
                    self.push(found, hit, &mut carried, talk, &mut events);
                }
            }
            if let Some(lead) = lead {
                carried.subject = self.chunks[lead].holders.clone();
            }
            if let Some(theme) = self
                .themes
                .iter()
                .position(|theme| clause.start <= theme.at.start && theme.at.end <= clause.end)
            {
                carried.theme = Some(theme);
            }
            let kind = self
                .themes
                .iter()
                .filter(|theme| {
                    clause.start <= theme.at.start && theme.at.end <= clause.end && !theme.other
                })
                .map(|theme| theme.license)
                .find(|kind| *kind != LicenseType::Unspecified);
            if let Some(kind) = kind {
                carried.license = kind;
            }
            carried.claimed |= self.rules.voice.claimed.is_match(words);
            carried.denied |= self.rules.voice.denies.is_match(words);
        }
        self.learn(talk);
        events
    }

    fn push(
        &self,
        found: Found,
        hit: &Hit,
        carried: &mut Carried,
        talk: &mut Talk,
        events: &mut Vec<Event>,
    ) {
        let theme = found.theme.map(|i| &self.themes[i]);
        let new = theme.is_some_and(|theme| {
            let words = &self.sentence.low[theme.at.clone()];
            words.starts_with('新')
                || words.starts_with('旧')
                || self.sentence.low[..theme.at.start].trim_end().ends_with("нову")
        });
        let each = self.each(&found, hit);
        for (place, holder) in found.holders.into_iter().enumerate() {
            let mut license = theme.map_or(LicenseType::Unspecified, |theme| theme.license);
            let back = theme.is_none_or(|theme| theme.article == Article::Definite);
            if license == LicenseType::Unspecified && back {
                license = carried.license;
            }
            if let Some(kind) = each.get(place) {
                license = *kind;
            }
            let (permit, kind) = talk.permit(&holder, license, new);
            if let Holder::Firm(_) = holder
                && carried.subject.is_empty()
            {
                carried.subject = vec![holder.clone()];
            }
            events.push(Event {
                holder,
                action: found.action,
                license: kind,
                mood: found.mood,
                sentence: self.index,
                at: hit.at.clone(),
                permit,
                counted: found.counted,
                import: theme.is_some_and(|theme| theme.import),
                identifies: found.identifies,
            });
        }
    }

    /// `分别取得通用许可证与单项许可证`: each holder's kind, in order.
    fn each(&self, found: &Found, hit: &Hit) -> Vec<LicenseType> {
        let low = &self.sentence.low;
        let apart = low[..hit.at.start].contains("分别") || low.contains("відповідно");
        let kinds: Vec<LicenseType> = self
            .themes
            .iter()
            .filter(|theme| theme.at.end > hit.at.start && theme.kind == ThemeKind::License)
            .map(|theme| theme.license)
            .collect();
        if apart && found.holders.len() > 1 && kinds.len() == found.holders.len() {
            kinds
        } else {
            Vec::new()
        }
    }

    /// The first holder of a clause: what later clauses leave out.
    fn lead(&self, clause: &Range<usize>) -> Option<usize> {
        self.chunks.iter().position(|chunk| {
            clause.start <= chunk.at.start
                && chunk.at.end <= clause.end
                && !chunk.doubtful
                && !self.buyer(chunk)
        })
    }

    /// A trigger word that is a noun here: `续期申请`, `批准文件`.
    fn noun(&self, hit: &Hit, next: Option<&Range<usize>>) -> bool {
        let low = &self.sentence.low;
        let after = &low[hit.at.end..];
        let before = &low[..hit.at.start];
        let rule = &self.rules.triggers[hit.trigger];
        let noun = match rule.action {
            LicenseAction::Renewed => {
                after.starts_with("申请") || after.starts_with("材料") || after.starts_with("手续")
            }
            LicenseAction::Granted => {
                (after.starts_with("文件")
                    || after.starts_with("流程")
                    || after.starts_with("时间")
                    || after.starts_with("率")
                    || after.starts_with("速度")
                    || after.starts_with("条件")
                    || after.starts_with("程序")
                    || after.starts_with("机关")
                    || after.starts_with("数量")
                    || after.starts_with('悉')
                    || after.starts_with('知')
                    || low[..hit.at.end].ends_with("获证") && after.starts_with('实'))
                    || before.ends_with("经国务院")
                    || before.ends_with("国务院")
            }
            LicenseAction::Pending => false,
            _ => {
                after.starts_with("条件")
                    || after.starts_with("申请") && rule.action != LicenseAction::Refused
            }
        };
        // `X递交的申请已获准`: the filing is told only to say what became of it.
        // `公司持有的许可证` names the license, no event.
        if low[hit.at.clone()].starts_with("持有") && after.starts_with('的') {
            return true;
        }
        let filed = rule.action == LicenseAction::Applied
            && ["提交的", "递交的", "提出的", "报送的"]
                .iter()
                .any(|word| low[hit.at.clone()].contains(word));
        let outcome = self.hits.iter().any(|other| {
            other.at.start >= hit.at.end
                && matches!(
                    self.rules.triggers[other.trigger].action,
                    LicenseAction::Granted | LicenseAction::Refused | LicenseAction::Renewed
                )
        });
        if filed && outcome {
            return true;
        }
        // `暂停生产`, `取消订单`, `延长合同`: the object is no license.
        static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:了)?(?:对[^，。；]{1,10})?(?:部分|一条|一些|若干|多条|其|该|与[^，。；]{1,12}的|在[^，。；]{1,8}的)?(?:生产|产线|生产线|订单|小订单|合同|供货|合作|项目|收购|交易|发货|业务|施工|运营|工厂|复产|会议|谈判|关税|公告|措施|管制|实施|出口管制|软件|采购|涉事|产品|投资|计划|加征|矿山|开采|征收|交货|供应|项目|会谈|工程|涂层|停牌|交易)")
                .expect("a constant pattern")
        });
        // `出口暂停`: shipments stop, no license does.
        let shipments = rule.action == LicenseAction::Suspended
            && [
                "出口",
                "发货",
                "供货",
                "业务",
                "交付",
                "生产",
                "交货",
                "外销",
                "出货",
                "експорт",
                "постачання",
            ]
            .iter()
            .any(|word| {
                before
                    .trim_end()
                    .trim_end_matches(['已', '被', '也', '均', '全', '部'])
                    .ends_with(word)
            });
        if shipments {
            return true;
        }
        let object = matches!(rule.frame, Frame::Give) && OBJECT.is_match(after);
        noun || object
            || next.is_some_and(|next| {
                rule.action == LicenseAction::Renewed
                    && next.start == hit.at.end
                    && low[next.clone()].starts_with("申请")
            })
    }

    fn event(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        previous: Option<&Range<usize>>,
        carried: &Carried,
        talk: &Talk,
    ) -> Option<Found> {
        let low = &self.sentence.low;
        let rule = &self.rules.triggers[hit.trigger];
        let mut mood = self.mood(clause, hit, previous, carried)?;
        let own = self.theme(clause, hit, rule.frame, previous);
        let theme = own.or(carried.theme.filter(|i| self.themes[*i].at.end <= hit.at.start));
        if own.is_none() && matches!(rule.frame, Frame::Receive) && other_object(&low[hit.at.end..])
        {
            return None;
        }
        if let Some(theme) = theme {
            let filed = self.themes[theme].kind == ThemeKind::Application;
            let taken = ["收到", "拿到", "持有", "领到"]
                .iter()
                .any(|word| low[hit.at.clone()].starts_with(word));
            if filed
                && (matches!(rule.action, LicenseAction::Revoked | LicenseAction::Expired) || taken)
            {
                return None;
            }
            let short = low[self.themes[theme].at.clone()].ends_with('证')
                && self.themes[theme].at.len() <= 6;
            if self.themes[theme].other
                || short && carried.theme.is_some_and(|t| self.themes[t].other)
            {
                return None;
            }
        }
        let before = low[clause.start..hit.at.start].trim_end();
        let pronoun = talk.since <= 1
            && !talk.other
            && (before.ends_with("її")
                || before.ends_with("його")
                || before.ends_with("їх")
                || before.ends_with("її було"));
        if theme.is_none() && !pronoun && !self.may_lack_theme(hit, rule.action, talk) {
            return None;
        }
        if rule.frame == Frame::Noun && !matches!(mood, Mood::Denied) {
            return None;
        }
        let restored =
            ["恢复", "解除", "відновл"].iter().any(|word| low[clause.clone()].contains(word));
        if restored && rule.action == LicenseAction::Suspended {
            return None;
        }
        if rule.frame == Frame::Hold
            || low[hit.at.clone()].starts_with("має")
            || low[hit.at.clone()].starts_with("мають")
        {
            let theme = own?;
            let after = self.themes[theme].at.start >= hit.at.end;
            if !after || low[hit.at.end..self.themes[theme].at.start].split_whitespace().count() > 3
            {
                return None;
            }
        }
        if mood == Mood::Fact && theme.is_some_and(|t| self.themes[t].negative) {
            mood = Mood::Negated;
        }
        let definite = theme.is_some_and(|t| self.themes[t].article == Article::Definite);
        let plain_other = talk.other
            && talk.since <= 1
            && theme.is_none_or(|t| {
                let t = &self.themes[t];
                t.owner.is_none() && t.license == LicenseType::Unspecified && definite
            });
        if plain_other {
            return None;
        }
        let mut identifies = false;
        let mut counted = false;
        let mut holders = self.holders(clause, hit, rule.frame, theme, own);
        if low[hit.at.clone()].ends_with('者') {
            let list = self
                .chunks
                .iter()
                .find(|chunk| chunk.at.start >= hit.at.end && clause.end >= chunk.at.end);
            holders = list.map(|chunk| chunk.holders.clone()).unwrap_or_default();
        }
        if holders.is_empty() {
            holders = carried.subject.clone();
        }
        if holders.is_empty()
            && (talk.voice.is_some()
                || definite
                || theme.is_some_and(|t| self.themes[t].pronoun)
                || own.is_none())
            && talk.since <= 2
        {
            holders = if talk.voice.is_none() && !talk.licensed.is_empty() && own.is_none() {
                talk.licensed.clone()
            } else {
                talk.one(self.names).map(Holder::Firm).into_iter().collect()
            };
        }
        if holders.is_empty() {
            holders = self.named_later(hit, mood);
        }
        if holders.is_empty() {
            let filed =
                carried.theme.is_some_and(|t| self.themes[t].kind == ThemeKind::Application);
            let (holder, by_count) = self.counted(clause, hit, filed)?;
            counted = by_count;
            holders = vec![holder];
        }
        if let Some(listed) = self.list_after(clause, hit, &holders) {
            identifies = true;
            holders = listed;
        }
        let mut action = rule.action;
        if action == LicenseAction::Granted && self.renewal(clause, hit) {
            action = LicenseAction::Renewed;
        }
        if self.generic(clause, &holders) {
            return None;
        }
        Some(Found { action, holders, theme, mood, counted, identifies })
    }

    /// `获得许可的企业包括X、Y`, and `针对网传公司许可证被吊销一事，X公告称`: the holder comes after.
    fn named_later(&self, hit: &Hit, mood: Mood) -> Vec<Holder> {
        static WHO: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；]{0,22}的(?:[^，。；的]{0,6})?(?:企业|公司|厂商|单位|厂家|出口商|磁企)(?:名单)?[^，。；]{0,6}(?:包括|分别是|分别为|依次为|有|为|是)$").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let later: Vec<&Chunk> = self
            .chunks
            .iter()
            .filter(|chunk| chunk.naming == Naming::Named && chunk.at.start >= hit.at.end)
            .collect();
        if let Some(chunk) =
            later.iter().find(|chunk| WHO.is_match(&low[hit.at.end..chunk.at.start]))
        {
            return chunk.holders.clone();
        }
        let own = matches!(mood, Mood::Claimed | Mood::Denied)
            && ["公司", "其"].iter().any(|word| low[..hit.at.start].contains(word));
        match later.as_slice() {
            [only] if own && only.holders.len() == 1 && !self.buyer(only) => only.holders.clone(),
            _ => Vec::new(),
        }
    }

    /// Whether the clause speaks of a renewal.
    fn renewal(&self, clause: &Range<usize>, hit: &Hit) -> bool {
        let before = &self.sentence.low[clause.start..hit.at.end];
        let after = parts::after_chars(&self.sentence.low[hit.at.end..clause.end], 12);
        ["续期", "续证", "续展", "延期申请", "延续申请", "продовження", "поновлення", "подовження"]
            .iter()
            .any(|word| before.contains(word) || after.contains(word))
    }

    /// A statement about everybody's applications.
    fn generic(&self, clause: &Range<usize>, holders: &[Holder]) -> bool {
        let words = &self.sentence.low[clause.clone()];
        let limited = holders.iter().all(|holder| match holder {
            Holder::Firm(_) => true,
            Holder::Group(group) => {
                group.limited && !group.words.contains("申请") || !group.buyers.is_empty()
            }
        });
        !limited
            && self.rules.mood.zh_generic.is_match(&self.sentence.low)
            && !words.contains("部分")
            && !words.contains("一定数量")
            && !words.contains("若干")
    }

    fn may_lack_theme(&self, hit: &Hit, action: LicenseAction, talk: &Talk) -> bool {
        let word = &self.sentence.low[hit.at.clone()];
        let spoken = talk.since <= 1 && !talk.other;
        let row = self.sentence.item;
        match action {
            LicenseAction::Renewed => {
                (spoken || row)
                    && ["续", "换发", "продовж", "понов", "пролонг"]
                        .iter()
                        .any(|known| word.contains(known))
            }
            LicenseAction::Granted => {
                (spoken || row)
                    && ["获批", "拿证", "获证", "取得者", "获准", "过关", "схвал"]
                        .iter()
                        .any(|known| word.contains(known))
                    || word == "拿证"
            }
            LicenseAction::Revoked => {
                (spoken || row) && ["吊销", "анул"].iter().any(|known| word.contains(known))
            }
            LicenseAction::Refused => {
                (spoken || row)
                    && [
                        "未获",
                        "没有获批",
                        "没获批",
                        "被拒",
                        "遭拒",
                        "未能获批",
                        "遭到退回",
                        "被打回",
                        "відмов",
                    ]
                    .iter()
                    .any(|known| word.contains(known))
            }
            LicenseAction::Suspended | LicenseAction::Expired => {
                row || spoken && talk.voice.is_some()
            }
            LicenseAction::Applied | LicenseAction::Pending => spoken || row,
        }
    }

    /// The license or application of the clause: before the trigger, else after it.
    fn theme(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        frame: Frame,
        previous: Option<&Range<usize>>,
    ) -> Option<usize> {
        let inside = |theme: &Theme| clause.start <= theme.at.start && theme.at.end <= clause.end;
        let before =
            self.themes.iter().rposition(|theme| inside(theme) && theme.at.end <= hit.at.start);
        let after =
            self.themes.iter().position(|theme| inside(theme) && theme.at.start >= hit.at.end);
        let across = self.themes.iter().position(|theme| {
            inside(theme) && theme.at.start >= hit.at.start && theme.at.start < hit.at.end
        });
        match frame {
            Frame::Receive | Frame::Hold | Frame::Lose | Frame::File => after.or(across).or(before),
            // A license before another trigger is that one's.
            _ if before.is_some_and(|i| {
                previous.is_some_and(|previous| {
                    self.themes[i].at.start < previous.end
                        || self.themes[i].at.end <= previous.start
                })
            }) && after.is_some() =>
            {
                after
            }
            _ if before.is_some_and(|i| {
                previous.is_some_and(|previous| previous.end <= self.themes[i].at.start)
            }) && after.is_some()
                && self.sentence.tongue == Tongue::Uk =>
            {
                after
            }
            _ => before.or(after).or(across),
        }
    }

    fn mood(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        previous: Option<&Range<usize>>,
        carried: &Carried,
    ) -> Option<Mood> {
        let low = &self.sentence.low;
        let rule = &self.rules.triggers[hit.trigger];
        let from = previous.map_or(clause.start, |previous| previous.end);
        let before = &low[from..hit.at.start];
        let whole = &low[clause.start..hit.at.start];
        let mood = &self.rules.mood;
        if self.left_out(clause, hit) {
            return None;
        }
        match self.sentence.tongue {
            Tongue::Zh => {
                let unreal = mood.zh_unreal.find_iter(whole).any(|m| !disposal(whole, m.range()));
                let after = parts::after_chars(&low[hit.at.end..clause.end], 6);
                if unreal
                    || whole.ends_with('如')
                    || after.starts_with("的风险")
                    || after.starts_with("的可能")
                    || after.starts_with('后') && whole.contains("须")
                    || after.contains("才能")
                    || after.starts_with("与否")
                    || after.starts_with("条件")
                {
                    return None;
                }
                let near = parts::before_chars(before, 8);
                static TAIL: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"(?:没有|并没有|并未|从未|未曾|未被|未遭|未有|尚未|仍未|未|没|不曾|并非|而非|不是|无)(?:被|遭|遭到|主管部门|主管|系|因|受|再|获得|获|对|将|其|有关部门|[^，。；]{0,2})?$").expect("a constant pattern")
                });
                if rule.action != LicenseAction::Pending && TAIL.is_match(near) {
                    return Some(Mood::Negated);
                }
                // `许可证没有被撤销`: the negation may stand at the clause's start.
                if rule.action != LicenseAction::Pending
                    && rule.action != LicenseAction::Refused
                    && mood
                        .zh_negators
                        .find_iter(near)
                        .last()
                        .is_some_and(|m| near.len() - m.end() <= 12)
                {
                    return Some(Mood::Negated);
                }
            }
            Tongue::Uk | Tongue::En => {
                if mood.uk_unreal.is_match(&format!("{whole} "))
                    && !low[hit.at.clone()].starts_with("ма")
                {
                    return None;
                }
                let near = words_before(before, 3);
                if mood.uk_negators.is_match(&format!("{near} ")) {
                    return Some(Mood::Negated);
                }
            }
        }
        if carried.denied || self.rules.voice.denies.is_match(whole) {
            return Some(Mood::Denied);
        }
        if carried.claimed || self.rules.voice.claimed.is_match(whole) {
            return Some(Mood::Claimed);
        }
        Some(Mood::Fact)
    }

    /// `X不在获得许可的企业之列`, `X не потрапила до списку компаній, що отримали`: others got it.
    fn left_out(&self, clause: &Range<usize>, hit: &Hit) -> bool {
        static OUT_ZH: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"不在|未在|没在|不属于|未列入|未被列入|未进入|未能进入|没有进入|未入围|无缘|落选|缺席|不包括|不含|除外").expect("a constant pattern")
        });
        static OUT_UK: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:^|[^\p{L}])(?:не (?:потрапи\p{L}+|увійш\p{L}+|ввійш\p{L}+|входи\p{L}*|опинил\p{L}+|значи\p{L}+|фігуру\p{L}+|належ\p{L}+|є|бул[аио]|був)|немає|відсутн\p{L}+)").expect("a constant pattern")
        });
        static RELATIVE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\s*(?:що|як[іаеу]|котр\p{L}+|яким)\s").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        match self.sentence.tongue {
            Tongue::Zh => OUT_ZH.is_match(&low[clause.start..hit.at.start]),
            Tongue::Uk | Tongue::En => {
                RELATIVE.is_match(&low[clause.clone()]) && OUT_UK.is_match(&low[..clause.start])
            }
        }
    }

    /// A firm spoken of as a buyer: `客户为X`, `供应X`, `для X`.
    fn buyer(&self, chunk: &Chunk) -> bool {
        let low = &self.sentence.low;
        let before = low[..chunk.at.start].trim_end_matches(['«', '"', '“', ' ']);
        if chunk
            .holders
            .iter()
            .any(|holder| firm(holder).is_some_and(|i| self.names.entities[i].foreign()))
            && chunk.naming == Naming::Named
        {
            let after = low[chunk.at.end..].trim_start();
            // `福特证实` speaks, it does not hold.
            let gets = ["获", "取得", "拿到", "已获", "отрима", "也获", "均获", "、"]
                .iter()
                .any(|word| after.starts_with(word));
            if !gets && self.sentence.tongue == Tongue::Zh {
                return true;
            }
        }
        const MARKS: &[&str] = &[
            "客户为",
            "客户是",
            "买家为",
            "买家是",
            "客户",
            "买家",
            "卖给",
            "销往",
            "供应",
            "供货给",
            "供给",
            "交付给",
            "用户为",
            "用户",
            "为其客户",
            "出口给",
            "для",
            "клієнтові",
            "клієнту",
            "клієнта",
            "покупцеві",
            "покупця",
            "покупцю",
            "постачає",
        ];
        if before.ends_with('继') || before.ends_with("слідом за") {
            return true;
        }
        if MARKS.iter().any(|mark| before.ends_with(mark)) {
            return true;
        }
        // `客户为挪威的X`
        let tail = parts::before_chars(before, 10);
        static FOR: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:客户|买家|用户)(?:为|是|系)[^，。；]{0,6}$")
                .expect("a constant pattern")
        });
        FOR.is_match(tail)
    }

    fn holders(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        frame: Frame,
        theme: Option<usize>,
        own: Option<usize>,
    ) -> Vec<Holder> {
        let inside = |chunk: &Chunk| clause.start <= chunk.at.start && chunk.at.end <= clause.end;
        let of = |i: usize| self.chunks[i].holders.clone();
        if let Some(owner) =
            own.and_then(|theme| self.themes[theme].owner).filter(|i| inside(&self.chunks[*i]))
            && (self.usable(owner, hit) || !self.chunks[owner].doubtful || own.is_some())
        {
            return of(owner);
        }
        if own.is_some_and(|theme| self.themes[theme].pronoun) {
            let before = own.map_or(hit.at.start, |theme| self.themes[theme].at.start);
            let near = self
                .chunks
                .iter()
                .rposition(|chunk| chunk.at.end <= before && !self.buyer(chunk) && !chunk.doubtful);
            if let Some(near) = near {
                return of(near);
            }
        }
        let usable: Vec<usize> = self
            .chunks
            .iter()
            .enumerate()
            .filter(|(i, chunk)| {
                inside(chunk) && !self.buyer(chunk) && !chunk.negative && self.usable(*i, hit)
            })
            .map(|(i, _)| i)
            .collect();
        let before = usable.iter().rev().copied().find(|i| self.chunks[*i].at.end <= hit.at.start);
        let after = usable.iter().copied().find(|i| self.chunks[*i].at.start >= hit.at.end);
        let gets_after = matches!(frame, Frame::Give | Frame::Reach) && {
            after.is_some_and(|i| {
                let between = &self.sentence.low[hit.at.end..self.chunks[i].at.start];
                between.chars().count() <= 30
            })
        };
        let wanted = match frame {
            // `向X颁发`, then `颁发给X`.
            Frame::Give | Frame::Reach => before.or(after.filter(|_| gets_after)),
            Frame::End | Frame::Cover | Frame::Wait => {
                before.or(after.filter(|_| self.sentence.tongue == Tongue::Uk))
            }
            _ => before.or(after.filter(|_| self.sentence.tongue == Tongue::Uk && theme.is_some())),
        };
        wanted.map(of).unwrap_or_default()
    }

    /// A doubtful name counts only right beside the trigger.
    fn usable(&self, chunk: usize, hit: &Hit) -> bool {
        let chunk = &self.chunks[chunk];
        if !chunk.doubtful {
            return true;
        }
        let low = &self.sentence.low;
        let between = if chunk.at.end <= hit.at.start {
            &low[chunk.at.end..hit.at.start]
        } else {
            &low[hit.at.end.min(chunk.at.start)..chunk.at.start]
        };
        between.split_whitespace().count() <= 1 && !between.contains([',', ';'])
    }

    /// `包括X、Y`, `取得者至少包括`: names for the group before.
    fn list_after(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        holders: &[Holder],
    ) -> Option<Vec<Holder>> {
        if !holders.iter().any(|holder| matches!(holder, Holder::Group(_))) {
            return None;
        }
        let low = &self.sentence.low;
        static NAMELY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?:包括|分别是|分别为|即|为|是|如|有|：|:|зокрема|серед них|а саме|це)\s*[«“]?$",
            )
            .expect("a constant pattern")
        });
        self.chunks
            .iter()
            .find(|chunk| {
                chunk.naming == Naming::Named
                    && chunk.at.start >= hit.at.end.min(clause.end)
                    && !self.buyer(chunk)
                    && NAMELY.is_match(&low[hit.at.end..chunk.at.start])
            })
            .map(|chunk| chunk.holders.clone())
    }

    /// Applications or licenses without holders.
    fn counted(&self, clause: &Range<usize>, hit: &Hit, filed: bool) -> Option<(Holder, bool)> {
        if let Some(group) = self.examination(clause, hit) {
            return Some((Holder::Group(group), true));
        }
        static LIMITED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:部分|一定数量(?:的)?|若干|一些|一批|(\d+)(?:份|件|宗|项|张|笔|个|起)?)(?:的)?(?:[^，。；]{0,12})?(?:申请|许可证|许可|案件)?$|(?:певн\p{L}+ кільк\p{L}+|частин\p{L}+|кільк\p{L}+|деяк\p{L}+|низк\p{L}+|(\d+)) (?:\p{L}+ ){0,3}(?:заявок|заявки|ліцензі\p{L}+|дозвол\p{L}+)")
                .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let span = &low[clause.start..hit.at.start];
        let captures = LIMITED.captures(span).or_else(|| {
            let rest = &low[hit.at.end..clause.end];
            static AFTER: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"^(?:了)?(?:部分|一定数量(?:的)?|若干|一些|一批|(\d+)(?:份|件|宗|项|张|笔|个|起)?)(?:的)?(?:[^，。；]{0,14})?(?:申请|许可证|许可)|^ (?:певн\p{L}+ кільк\p{L}+|частин\p{L}+|кільк\p{L}+|деяк\p{L}+|низк\p{L}+|(\d+)) (?:\p{L}+ ){0,3}(?:заявок|заявки|ліцензі\p{L}+|дозвол\p{L}+)")
                    .expect("a constant pattern")
            });
            AFTER.captures(rest)
        })?;
        let words = captures.get(0)?.as_str().trim().to_owned();
        let count = captures.get(1).or(captures.get(2)).and_then(|m| m.as_str().parse().ok());
        let named = words.contains("申请")
            || words.contains("许可")
            || words.contains("案件")
            || words.contains("заяв")
            || words.contains("ліценз")
            || words.contains("дозв");
        (named || filed && count.is_some() || self.theme(clause, hit, Frame::Give, None).is_some())
            .then_some((
                Holder::Group(Group { words, limited: true, count, ..Group::default() }),
                true,
            ))
    }

    /// A stop in examining applications for a place: `暂停审批对日本的出口许可申请`.
    fn examination(&self, clause: &Range<usize>, hit: &Hit) -> Option<Group> {
        static EXAMINES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"受理|审批|审查|审核|办理|签发|核发|发放|розгляд|видач")
                .expect("a constant pattern")
        });
        let words = &self.sentence.low[clause.clone()];
        if self.rules.triggers[hit.trigger].action != LicenseAction::Suspended
            || !EXAMINES.is_match(words)
        {
            return None;
        }
        let place = self.rules.places.iter().find(|place| {
            place.nouns.is_match(words) || place.name == "Japan" && words.contains("对日")
        })?;
        Some(Group {
            words: String::new(),
            place: Some(place.name.clone()),
            limited: true,
            ..Group::default()
        })
    }

    fn learn(&self, talk: &mut Talk) {
        for chunk in
            self.chunks.iter().filter(|chunk| chunk.naming == Naming::Named && !chunk.doubtful)
        {
            talk.attend(chunk, self.names);
        }
        let lead = self
            .chunks
            .iter()
            .find(|chunk| chunk.naming != Naming::Group && !chunk.doubtful && !self.buyer(chunk));
        if let Some(chunk) = lead {
            let firms: Vec<usize> = chunk.holders.iter().filter_map(firm).collect();
            if !firms.is_empty() {
                talk.focus = firms;
            }
        }
        talk.since += 1;
        let Some(theme) = self.themes.first() else { return };
        talk.since = 0;
        talk.other = theme.other;
        let owner = theme.owner.map(|i| self.chunks[i].holders.clone());
        let focus: Vec<Holder> = talk.focus.iter().copied().map(Holder::Firm).collect();
        match owner {
            Some(owner) => talk.licensed = owner,
            None if !focus.is_empty() => talk.licensed = focus,
            None => {}
        }
        if theme.license != LicenseType::Unspecified {
            talk.license = theme.license;
        }
    }
}

struct Found {
    action: LicenseAction,
    holders: Vec<Holder>,
    theme: Option<usize>,
    mood: Mood,
    counted: bool,
    identifies: bool,
}

/// `将其许可证吊销`: 将 marks the object here, not the future.
fn disposal(words: &str, at: Range<usize>) -> bool {
    matches!(&words[at.clone()], "将" | "为") && words[at.end..].starts_with('其')
}

fn words_before(text: &str, count: usize) -> &str {
    let mut seen = 0;
    for (i, c) in text.char_indices().rev() {
        if c.is_whitespace() {
            seen += 1;
            if seen > count {
                return &text[i..];
            }
        }
    }
    text
}

fn clauses(low: &str, tongue: Tongue) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut depth = 0usize;
    for (i, c) in low.char_indices() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let breaks = match tongue {
            Tongue::Zh => {
                matches!(c, '，' | '；' | ';' | '。' | '！' | '？' | '|')
                    || c == ',' && !low[i + 1..].starts_with(|c: char| c.is_ascii_digit())
                    || c == ' '
                        && low[..i].ends_with(text_han)
                        && low[i + 1..].starts_with(text_han)
            }
            _ => matches!(c, ',' | ';' | '—' | '|'),
        };
        if breaks && depth == 0 {
            found.push(start..i);
            start = i + c.len_utf8();
        }
    }
    found.push(start..low.len());
    found
}

/// `获得结业证书`, `取得订单`: what is received is no license.
fn other_object(after: &str) -> bool {
    static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[^，。；]{0,12}(?:证书|奖|荣誉|订单|投资|融资|补贴|资金|贷款|收益|收入|认证|专利|支持|好评|成绩|进展|增长|突破|合同|股权|土地|通知|回复|答复|反馈)").expect("a constant pattern")
    });
    OBJECT.is_match(after)
}

/// Clauses joined where a list of names goes over the comma between them.
fn unbroken(clauses: Vec<Range<usize>>, chunks: &[Chunk]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for clause in clauses {
        let spans = |last: &Range<usize>| {
            chunks.iter().any(|chunk| {
                chunk.naming == Naming::Named
                    && chunk.holders.len() > 1
                    && chunk.at.start < last.end
                    && chunk.at.end > clause.start
            })
        };
        match out.last_mut() {
            Some(last) if spans(last) => last.end = clause.end,
            _ => out.push(clause),
        }
    }
    out
}

fn text_han(c: char) -> bool {
    crate::text::is_han(c)
}

/// `部分出口商`, `福特的供应商`, `一家福建企业`.
fn groups_zh(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    own_suppliers(sentence, chunks, &mut found, names, talk);
    // `X、Y两家公司` is X and Y.
    for chunk in chunks.iter_mut() {
        // `包括X在内的四家企业`
        let within = low[chunk.at.end..].strip_prefix("在内的").map_or(0, |_| "在内的".len());
        if within > 0
            && let Some(m) = rules
                .groups
                .zh_groups
                .find(&low[chunk.at.end + within..])
                .filter(|m| m.start() == 0)
        {
            chunk.at.end += within + m.end();
            continue;
        }
        if let Some(m) =
            rules.groups.zh_groups.find(&low[chunk.at.end..]).filter(|m| m.start() == 0)
        {
            chunk.at.end += m.end();
        }
    }
    for (i, chunk) in chunks.iter().enumerate() {
        let foreign = chunk
            .holders
            .iter()
            .all(|holder| firm(holder).is_some_and(|i| names.entities[i].foreign()));
        let rest = &low[chunk.at.end..];
        if let Some(m) = rules.groups.zh_suppliers.find(rest).filter(|m| m.start() == 0 && foreign)
        {
            let at = chunk.at.start..chunk.at.end + m.end();
            let group = Group {
                words: sentence.cut(at.clone()).to_owned(),
                buyers: chunk.holders.iter().filter_map(firm).collect(),
                ..Group::default()
            };
            found.push(Chunk {
                at,
                holders: vec![Holder::Group(group)],
                naming: Naming::Group,
                negative: false,
                doubtful: false,
            });
            used.push(i);
        }
    }
    for m in rules.groups.zh_groups.find_iter(low) {
        let clear = |chunk: &Chunk| chunk.at.end <= m.start() || m.end() <= chunk.at.start;
        if !chunks.iter().all(clear) || !found.iter().all(clear) {
            continue;
        }
        let words = m.as_str();
        let mut group =
            Group { words: sentence.cut(m.range()).to_owned(), limited: true, ..Group::default() };
        let first: String = words.chars().take(1).collect();
        group.single = matches!(first.as_str(), "一" | "另" | "某")
            && !words.starts_with("一些")
            && !words.starts_with("一批");
        let digits: String = words.chars().take_while(char::is_ascii_digit).collect();
        group.count = digits.parse().ok().or_else(|| parts::number_word(&first));
        let place = rules.places.iter().find(|place| {
            place.adjectives.as_ref().is_some_and(|a| a.is_match(words))
                || place.nouns.is_match(words)
        });
        if let Some(place) = place {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        } else if let Some(place) = rules.places.iter().find(|place| {
            let before = &low[..m.start()];
            place.nouns.find_iter(before).last().is_some_and(|m| m.end() == before.len())
        }) {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        }
        if let Some(city) =
            rules.names.chinese_places_zh.iter().find(|city| words.contains(city.as_str()))
        {
            group.place = Some(city.clone());
            group.role = Role::Exporter;
        }
        found.push(Chunk {
            at: m.range(),
            holders: vec![Holder::Group(group)],
            naming: Naming::Group,
            negative: false,
            doubtful: false,
        });
    }
    retain_unused(chunks, &used);
    chunks.extend(found);
}

/// `其中国磁材供应商`: suppliers of the buyer just named.
fn own_suppliers(
    sentence: &Sentence<'_>,
    chunks: &[Chunk],
    found: &mut Vec<Chunk>,
    names: &Names,
    talk: &Talk,
) {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"其(?:[^，。；其]{0,10})?(?:供应商|供货商)|旗下供应商|(?:його|її|їхні|свої|своїм) (?:\p{L}+ ){0,2}?постачальник\p{L}*").expect("a constant pattern")
    });
    for m in OWN.find_iter(&sentence.low) {
        let buyer = chunks
            .iter()
            .filter(|chunk| chunk.at.end <= m.start())
            .flat_map(|chunk| chunk.holders.iter().filter_map(firm))
            .rfind(|i| names.entities[*i].foreign())
            .or(talk.buyer);
        let Some(buyer) = buyer else { continue };
        let group = Group {
            words: sentence.cut(m.range()).to_owned(),
            buyers: vec![buyer],
            ..Group::default()
        };
        found.push(Chunk {
            at: m.range(),
            holders: vec![Holder::Group(group)],
            naming: Naming::Group,
            negative: false,
            doubtful: false,
        });
    }
}

fn retain_unused(chunks: &mut Vec<Chunk>, used: &[usize]) {
    let mut index = 0;
    chunks.retain(|_| {
        index += 1;
        !used.contains(&(index - 1))
    });
}

/// `кілька експортерів`, `постачальники Ford`.
fn groups_uk(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    static SUPPLIERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:(?:деяк\p{L}+|кільк\p{L}+|окрем\p{L}+|китайськ\p{L}+) )*постачальник\p{L}* (?:для |компанії |компаній |автовиробника |автоконцерну |концерну )*[«“]?$").expect("a constant pattern")
    });
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut used: Vec<usize> = Vec::new();
    own_suppliers(sentence, chunks, &mut found, names, talk);
    for (i, chunk) in chunks.iter().enumerate() {
        let foreign = chunk.holders.iter().all(|holder| {
            firm(holder).is_some_and(|i| names.entities[i].country.as_deref() != Some("CN"))
        });
        if let Some(m) = SUPPLIERS.find(&low[..chunk.at.start]).filter(|_| foreign) {
            let at = m.start()..chunk.at.end;
            let group = Group {
                words: sentence.cut(at.clone()).to_owned(),
                buyers: chunk.holders.iter().filter_map(firm).collect(),
                ..Group::default()
            };
            found.push(Chunk {
                at,
                holders: vec![Holder::Group(group)],
                naming: Naming::Group,
                negative: false,
                doubtful: false,
            });
            used.push(i);
        }
    }
    for m in rules.groups.uk_groups.find_iter(low) {
        let clear = |chunk: &Chunk| chunk.at.end <= m.start() || m.end() <= chunk.at.start;
        if !chunks.iter().all(clear) || !found.iter().all(clear) {
            continue;
        }
        // A name right after is the company meant.
        let rest = &low[m.end()..];
        if chunks.iter().any(|chunk| {
            chunk.naming == Naming::Named
                && chunk.at.start >= m.end()
                && low[m.end()..chunk.at.start].trim_matches(['«', '"', '“', ' ']).is_empty()
        }) && !rest.starts_with(',')
        {
            continue;
        }
        let words = m.as_str();
        let mut group = Group { words: words.to_owned(), limited: true, ..Group::default() };
        group.single = words.starts_with("одн") || words.starts_with("інш");
        group.count = words.split_whitespace().find_map(|word| word.parse().ok());
        let place = rules
            .places
            .iter()
            .find(|place| place.adjectives.as_ref().is_some_and(|a| a.is_match(words)));
        if let Some(place) = place {
            group.place = Some(place.name.clone());
            group.role = Role::EndUser;
        }
        found.push(Chunk {
            at: m.range(),
            holders: vec![Holder::Group(group)],
            naming: Naming::Group,
            negative: false,
            doubtful: false,
        });
    }
    retain_unused(chunks, &used);
    chunks.extend(found);
}

fn references(
    sentence: &Sentence<'_>,
    chunks: &mut Vec<Chunk>,
    names: &Names,
    rules: &Rules,
    talk: &Talk,
) {
    let language = if sentence.tongue == Tongue::Zh { "zh" } else { "uk" };
    let low = &sentence.low;
    let mut found: Vec<Chunk> = Vec::new();
    let mut add = |at: Range<usize>, firms: Vec<usize>| {
        let clear = |chunk: &Chunk| chunk.at.end <= at.start || at.end <= chunk.at.start;
        if !firms.is_empty() && chunks.iter().all(clear) && found.iter().all(clear) {
            found.push(Chunk {
                at,
                holders: firms.into_iter().map(Holder::Firm).collect(),
                naming: Naming::Reference,
                negative: false,
                doubtful: false,
            });
        }
    };
    if let Some(pattern) = rules.references.all.get(language) {
        for m in pattern.find_iter(low) {
            let count = [("三", 3), ("四", 4), ("五", 5), ("六", 6), ("тр", 3), ("чотир", 4)]
                .iter()
                .find(|(word, _)| m.as_str().contains(word))
                .map_or(0, |(_, n)| *n);
            let firms = if count > 0 { talk.several(count, names) } else { talk.focus.clone() };
            add(m.range(), firms);
        }
    }
    for (word, last) in
        [("前者", false), ("后者", true), ("перша з них", false), ("друга з них", true)]
    {
        let pair = talk.several(2, names);
        for (at, _) in low.match_indices(word) {
            let own = chunks.iter().rfind(|chunk| {
                chunk.at.end <= at && chunk.naming == Naming::Named && chunk.holders.len() == 2
            });
            let own: Vec<usize> = own
                .map(|chunk| chunk.holders.iter().filter_map(firm).collect())
                .unwrap_or_default();
            let list = if own.len() == 2 { &own } else { &pair };
            let firm = if last { list.last() } else { list.first() };
            add(at..at + word.len(), firm.copied().into_iter().collect());
        }
    }
    if let Some(pattern) = rules.references.both.get(language) {
        for m in pattern.find_iter(low) {
            add(m.range(), talk.several(2, names));
        }
    }
    if let Some(pattern) = rules.references.one.get(language) {
        for m in pattern.find_iter(low) {
            let named = chunks.iter().any(|chunk| {
                chunk.at.start >= m.end()
                    && low[m.end()..chunk.at.start].trim_matches(['«', '"', '“', ' ']).is_empty()
            });
            let part = language == "zh"
                && m.as_str() == "公司"
                && low[..m.start()].ends_with(|c: char| {
                    crate::text::is_han(c) && !"，。；：的向对由与和即".contains(c)
                });
            if named || part {
                continue;
            }
            let nearest = chunks
                .iter()
                .filter(|chunk| chunk.at.end <= m.start() && chunk.naming == Naming::Named)
                .rev()
                .find_map(|chunk| match chunk.holders.as_slice() {
                    [Holder::Firm(i)] if !names.entities[*i].foreign() => Some(*i),
                    _ => None,
                });
            add(m.range(), nearest.or_else(|| talk.one(names)).into_iter().collect());
        }
    }
    chunks.extend(found);
}
