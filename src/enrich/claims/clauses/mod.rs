//! Chinese and Ukrainian sentences, clause by clause.
//!
//! Word order says less here than in English: a clause with a trigger, a
//! license and a firm is an event of that firm unless a word in it says
//! otherwise; what a clause leaves out it takes from the one before.

mod event;
mod unnamed;
mod whose;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::document::Sentence;
use super::names::Names;
use super::parts::{self, Article, Chunk, Hit, Holder, Naming, Theme, ThemeKind};
use super::rules::{Frame, Rules, Tongue};
use super::talk::{Event, Mood, Talk, firm};
use super::themes;
use crate::model::license::{LicenseAction, LicenseType};

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
    /// A wish, plan or duty that later clauses go on with.
    unreal: bool,
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
            Tongue::Zh => unnamed::groups_zh(sentence, &mut chunks, names, rules, talk),
            Tongue::Uk | Tongue::En => {
                unnamed::groups_uk(sentence, &mut chunks, names, rules, talk);
            }
        }
        unnamed::references(sentence, &mut chunks, names, rules, talk);
        chunks.sort_by_key(|chunk| chunk.at.start);
        let themes = themes::themes(sentence, &chunks, rules);
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
            if self.sentence.tongue == Tongue::Zh {
                let wish = self.rules.mood.zh_unreal.find_iter(words);
                carried.unreal = inside.is_empty()
                    && wish.into_iter().any(|m| !event::disposal(words, m.range()))
                    || carried.unreal && inside.is_empty() && lead.is_none();
            }
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

    /// `获得通用许可的企业名单如下：`, `Ліцензії мають:`: what the rows below it are about.
    pub(super) fn announced(&self) -> Option<(LicenseAction, LicenseType)> {
        let low = &self.sentence.low;
        if !low.trim_end().ends_with([':', '：']) {
            return None;
        }
        let mood = &self.rules.mood;
        let (unreal, negators) = match self.sentence.tongue {
            Tongue::Zh => (&mood.zh_unreal, &mood.zh_negators),
            Tongue::Uk | Tongue::En => (&mood.uk_unreal, &mood.uk_negators),
        };
        let theme = self.themes.iter().find(|theme| !theme.other)?;
        let hit = self.hits.first()?;
        let named = self.chunks.iter().any(|chunk| chunk.naming == Naming::Named);
        if named || unreal.is_match(low) || negators.is_match(low) {
            return None;
        }
        Some((self.rules.triggers[hit.trigger].action, theme.license))
    }

    /// The first holder of a clause: what later clauses leave out.
    fn lead(&self, clause: &Range<usize>) -> Option<usize> {
        self.chunks.iter().position(|chunk| {
            clause.start <= chunk.at.start
                && chunk.at.end <= clause.end
                && !chunk.doubtful
                && !self.buyer(chunk)
                && !filings(&chunk.holders)
                && !self.parent(chunk)
        })
    }

    /// `X旗下Y`, `X的子公司Y`: X is named only to say whose Y is.
    fn parent(&self, chunk: &Chunk) -> bool {
        static OF: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"^(?:集团)?(?:的)?(?:旗下|(?:控股|全资)?(?:子公司|孙公司|附属公司))(?:的)?[“「]?$",
            )
            .expect("a constant pattern")
        });
        self.chunks.iter().any(|next| {
            chunk.at.end < next.at.start
                && next.naming == Naming::Named
                && OF.is_match(&self.sentence.low[chunk.at.end..next.at.start])
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
                [
                    "申请", "材料", "手续", "尚未", "还没", "未", "仍", "迟迟", "没", "事宜",
                    "流程", "文件",
                ]
                .iter()
                .any(|word| after.starts_with(word))
                    || [
                        "办理", "申请", "推进", "启动", "筹备", "准备", "安排", "着手", "洽办",
                        "申办", "等待", "等候", "处理", "跟进", "寻求", "提出", "送", "递交",
                        "提交", "待",
                    ]
                    .iter()
                    .any(|word| {
                        before.ends_with(word)
                            && !before.ends_with("已办理")
                            && !before.ends_with("完成办理")
                    })
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
            // `尚未取得`: nothing is pending where nobody has applied.
            // `原定12月届满`: the term was to end.
            LicenseAction::Expired => {
                let later = self.hits.iter().any(|other| {
                    other.at.start >= hit.at.end
                        && self.rules.triggers[other.trigger].action == LicenseAction::Renewed
                        && !low[hit.at.end..other.at.start].contains(['未', '没', '无', '不', '尚'])
                });
                let near = parts::before_chars(before, 12);
                // `到期前办理续期`, `临近到期`: the term is still to end.
                let ahead =
                    ["前", "之前", "以前", "时将", "后将", "日为", "日期", "日是", "能", "后能"]
                        .iter()
                        .any(|word| after.starts_with(word))
                        || ["临近", "将近", "快要", "快", "即将", "尚未", "未"]
                            .iter()
                            .any(|word| before.ends_with(word));
                ahead
                    || later && (after.starts_with('后') || after.starts_with("之后"))
                    || ["原定", "原应", "本应", "预定", "定于", "原将", "本将"]
                        .iter()
                        .any(|word| near.contains(word))
            }
            LicenseAction::Pending => {
                let word = &low[hit.at.clone()];
                ["拿到", "取得", "获得"].iter().any(|taken| word.ends_with(taken))
                    && !["申请", "递交", "提交", "送件"].iter().any(|filed| before.contains(filed))
            }
            _ => {
                after.starts_with("条件")
                    || after.starts_with("申请")
                        && !matches!(rule.action, LicenseAction::Refused | LicenseAction::Applied)
            }
        };
        // `X递交的申请已获准`: the filing is told only to say what became of it.
        // `撤销已发放的许可证`: how it was given is told by the way.
        static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:[^，。；]{0,16}的)[^，。；]{0,10}(?:许可|证|执照|批文)")
                .expect("a constant pattern")
        });
        let other = |action| {
            !matches!(
                action,
                LicenseAction::Granted | LicenseAction::Applied | LicenseAction::Pending
            )
        };
        if rule.action == LicenseAction::Granted
            && rule.frame == Frame::Give
            && GIVEN.is_match(after)
            && self.hits.iter().any(|hit| {
                other(self.rules.triggers[hit.trigger].action)
                    && hit.at.end <= before.len()
                    && !before[hit.at.end..].contains(['，', '；', '年', '月', '日'])
            })
        {
            return true;
        }
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
            Regex::new(r"^(?:了)?(?:对[^，。；]{1,10})?(?:部分|相关|有关|所有|全部|上述|此类|所涉|一条|一些|若干|多条|其|该|与[^，。；]{1,12}的|在[^，。；]{1,8}的)?(?:生产|产线|生产线|订单|小订单|合同|供货|合作|项目|收购|交易|发货|业务|施工|运营|工厂|复产|会议|谈判|关税|公告|措施|管制|实施|出口管制|软件|采购|涉事|产品|投资|计划|加征|矿山|开采|征收|交货|供应|项目|会谈|工程|涂层|停牌|交易|接受|置评|透露|回应|评论|采访|说明|公开|披露|表态|就此)")
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
        static OBJECT_UK: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:ся|сь)?(?: [\p{L}\d]+){0,2}? (?:виробництв|ліні|робот|завод|цех|контракт|договір|договор|угод|постачан|постав|відвантажен|про[єе]кт|продаж|закупівл|торг|будівництв|переговор|співпрац|від комент|коментув|складан|конвеєр|випуск|видобут|майно|станц)").expect("a constant pattern")
        });
        // `暂停相关产品对日本客户的发货`: what is stopped stands last.
        static GOODS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；]{1,24}的(?:发货|供货|交付|交货|出货|销售|发运|生产|供应|出口|外销|订单|业务)(?:$|[，。；])").expect("a constant pattern")
        });
        let goods = rule.action == LicenseAction::Suspended && GOODS.is_match(after);
        // `Пекін дав зелене світло поставкам X`
        static ALLOWS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:світло|добро)$|^(?:схвал|дозвол)").expect("a constant pattern")
        });
        let allows = self.sentence.tongue == Tongue::Uk
            && rule.action == LicenseAction::Granted
            && ALLOWS.is_match(&low[hit.at.clone()])
            && ["китай ", "пекін ", "кнр "].iter().any(|who| before.contains(who));
        let object = matches!(rule.frame, Frame::Give | Frame::Lose)
            && !allows
            && (goods
                || OBJECT.is_match(after)
                || self.sentence.tongue == Tongue::Uk && OBJECT_UK.is_match(after));
        noun || object
            || next.is_some_and(|next| {
                rule.action == LicenseAction::Renewed
                    && next.start == hit.at.end
                    && low[next.clone()].starts_with("申请")
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

/// Applications spoken of as if they were holders.
fn filings(holders: &[Holder]) -> bool {
    !holders.is_empty()
        && holders.iter().all(|holder| {
            matches!(holder, Holder::Group(group)
                if group.words.ends_with("申请") || group.words.ends_with("申請"))
        })
}

struct Found {
    action: LicenseAction,
    holders: Vec<Holder>,
    theme: Option<usize>,
    mood: Mood,
    counted: bool,
    identifies: bool,
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
                matches!(c, '，' | '；' | ';' | '。' | '！' | '？' | '|' | '｜')
                    || c == ',' && !low[i + 1..].starts_with(|c: char| c.is_ascii_digit())
                    || c == ' '
                        && low[..i].ends_with(text_han)
                        && low[i + 1..].starts_with(text_han)
            }
            _ => matches!(c, ',' | ';' | '—' | '|') || c == ':' && !low[i + 1..].trim().is_empty(),
        };
        // `а X — відмову` leaves out only its verb.
        let breaks = breaks && !low[i..].starts_with("— відмову");
        if breaks && depth == 0 {
            found.push(start..i);
            start = i + c.len_utf8();
        }
    }
    found.push(start..low.len());
    found
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
