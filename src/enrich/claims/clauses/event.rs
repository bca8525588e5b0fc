//! What a trigger word in a Chinese or Ukrainian clause tells: whose event, of which license, how sure.
//!
//! A clause that plans, doubts, asks or speaks of another license tells nothing.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::parts::{self, Article, Hit, Holder, Naming, Theme, ThemeKind};
use super::super::rules::{Frame, Tongue};
use super::super::talk::{Mood, Talk, firm};
use super::whose::first_person;
use super::{Carried, Found, Reader, filings};
use crate::model::license::{LicenseAction, LicenseType};

impl Reader<'_> {
    pub(super) fn event(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        previous: Option<&Range<usize>>,
        carried: &Carried,
        talk: &Talk,
    ) -> Option<Found> {
        let low = &self.sentence.low;
        let rule = &self.rules.triggers[hit.trigger];
        static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:^|[^\p{L}])(?:решт\p{L}+|інші|інша|інший|іншим|інших|іншому|дехто|ніхто|жоден|жодна|жодне)(?:[^\p{L}]|$)|^(?:其余|其他|另外)[^，。；]{0,6}(?:企业|公司|厂商|家)").expect("a constant pattern")
        });
        let alone = !self
            .chunks
            .iter()
            .any(|chunk| clause.start <= chunk.at.start && chunk.at.end <= clause.end);
        if alone && OTHERS.is_match(&low[clause.start..hit.at.start]) {
            return None;
        }
        if self.private(hit)
            || self.resumed(hit)
            || self.elsewhere(clause, hit)
            || self.other_matter(clause)
            || self.of_others(clause)
        {
            return None;
        }
        let mut mood = self.mood(clause, hit, previous, carried)?;
        let own = self.theme(clause, hit, rule.frame, previous);
        let theme = own.or(carried.theme.filter(|i| self.themes[*i].at.end <= hit.at.start));
        // `受理回执当日取得`
        static OTHER_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:回执|证书|订单|融资|贷款|补贴|专利|合同|通知书?|报告|意见|股权|土地|资金|认证)[^，。；]{0,6}$").expect("a constant pattern")
        });
        let other_before = OTHER_BEFORE.is_match(&low[clause.start..hit.at.start]);
        if own.is_none()
            && matches!(rule.frame, Frame::Receive)
            && (other_before || other_object(&low[hit.at.end..]))
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
            // `має намір подати заявку`, `має отримати ліцензію`
            let meant = self.sentence.tongue == Tongue::Uk
                && self.themes[theme].at.start >= hit.at.end
                && low[hit.at.end..self.themes[theme].at.start].split_whitespace().any(|word| {
                    word.ends_with("ти") || ["намір", "наміри", "меті", "плани"].contains(&word)
                });
            if meant || self.themes[theme].kind == ThemeKind::Application {
                return None;
            }
            // `дозвіл уже має X`
            let turned = self.sentence.tongue == Tongue::Uk
                && self.themes[theme].at.end <= hit.at.start
                && low[self.themes[theme].at.end..hit.at.start].split_whitespace().count() <= 2
                && self.chunks.iter().any(|chunk| {
                    chunk.at.start >= hit.at.end
                        && low[hit.at.end..chunk.at.start].split_whitespace().count() <= 2
                });
            let after = turned || self.themes[theme].at.start >= hit.at.end;
            if !after
                || !turned
                    && low[hit.at.end..self.themes[theme].at.start].split_whitespace().count() > 3
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
        // `公司…，已有部分客户的申请获批`: the applications are the firm's that the sentence is about.
        if filings(&holders) && !carried.subject.is_empty() {
            holders = carried.subject.iter().filter(|h| firm(h).is_some()).cloned().collect();
        }
        if let Some(head) = self.head_after(hit) {
            holders = head;
        } else if matches!(mood, Mood::Claimed | Mood::Denied)
            && holders.iter().all(|holder| firm(holder).is_none())
            && let Some(denier) = self.denier(hit)
        {
            holders = denier;
        }
        if holders.iter().all(|holder| firm(holder).is_some() && !self.home(holder)) {
            let shipped = self.applied_to_ship(clause);
            if !shipped.is_empty() {
                let own: Vec<Holder> =
                    carried.subject.iter().filter(|holder| self.home(holder)).cloned().collect();
                holders = if own.is_empty() { shipped } else { own };
            }
        }
        if holders.is_empty() {
            holders = carried.subject.clone();
        }
        if holders.is_empty() && rule.frame != Frame::Receive {
            holders = self.described_after(clause);
        }
        let ours = self.sentence.tongue == Tongue::Uk && first_person(&low[clause.clone()]);
        if holders.is_empty() && ours {
            holders = self.speaks_after(hit);
        }
        if holders.is_empty() && self.sentence.tongue == Tongue::Zh {
            holders = self.subject_next(clause);
        }
        if holders.is_empty() && another(&low[..hit.at.start]) {
            return None;
        }
        if holders.is_empty()
            && (talk.voice.is_some()
                || ours
                || rule.frame == Frame::Reach
                || definite
                || theme.is_some_and(|t| self.themes[t].pronoun)
                || own.is_none())
            && (talk.since <= 2 || talk.voice.is_some())
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
        // `схвалив імпорт магнітів для трьох компаній`
        let permits = |word: &str| {
            (word.starts_with("схвал") || word.starts_with("дозвол"))
                && [" імпорт", " ввезення"].iter().any(|goods| low[hit.at.end..].starts_with(goods))
        };
        if holders.is_empty() && own.is_none() && permits(&low[hit.at.clone()]) {
            holders = self
                .chunks
                .iter()
                .find(|chunk| hit.at.end <= chunk.at.start && chunk.at.end <= clause.end)
                .map(|chunk| chunk.holders.clone())
                .unwrap_or_default();
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
        if self.ran_out(hit) {
            action = LicenseAction::Expired;
        }
        if action == LicenseAction::Granted && self.renewal(clause, hit) {
            action = LicenseAction::Renewed;
        }
        if self.generic(clause, &holders) {
            return None;
        }
        Some(Found { action, holders, theme, mood, counted, identifies })
    }

    /// `X надала ліцензію`, `завод відмовив`: a firm gives or refuses, no authority does.
    fn private(&self, hit: &Hit) -> bool {
        static AUTHORITY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:^|[^\p{L}])(?:мін\p{L}+|китай(?:$|[^\p{L}])|китаю|пекін\p{L}*|влад[аи]|уряд\p{L}*|відомств\p{L}+|регулятор\p{L}*|управлінн\p{L}+|комітет\p{L}*|департамент\p{L}*|кнр|mofcom|чиновник\p{L}*|орган\p{L}*|столиц\p{L}+|митниц\p{L}+)").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let word = &low[hit.at.clone()];
        let rule = &self.rules.triggers[hit.trigger];
        self.sentence.tongue == Tongue::Uk
            && rule.frame == Frame::Give
            && matches!(rule.action, LicenseAction::Granted | LicenseAction::Refused)
            && (word.ends_with('в') || word.ends_with("ла") || word.ends_with("ло"))
            && !AUTHORITY.is_match(&low[..hit.at.start])
            && !AUTHORITY.is_match(parts::after_chars(&low[hit.at.end..], 24))
    }

    /// Another country's government acts: `美国商务部批准`, `Німеччина відмовила`.
    fn elsewhere(&self, clause: &Range<usize>, hit: &Hit) -> bool {
        let rule = &self.rules.triggers[hit.trigger];
        let before = &self.sentence.low[clause.start..hit.at.start];
        // `до США видано`: there go the goods.
        static THITHER: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:^|[^\p{L}])(?:до|у|в|для|із|з|через|на)$").expect("a constant pattern")
        });
        let acts = match self.sentence.tongue {
            Tongue::Zh => &self.rules.mood.zh_elsewhere,
            Tongue::Uk | Tongue::En => &self.rules.mood.uk_elsewhere,
        };
        rule.frame == Frame::Give
            && acts.find(before).is_some_and(|m| !THITHER.is_match(before[..m.start()].trim_end()))
    }

    /// `发行股票的申请获得批准`: no license is spoken of.
    fn other_matter(&self, clause: &Range<usize>) -> bool {
        let words = &self.sentence.low[clause.clone()];
        self.sentence.tongue == Tongue::Zh
            && self.rules.mood.zh_matter.is_match(words)
            && !["出口许可", "许可证", "通用许可", "单项许可"]
                .iter()
                .any(|word| words.contains(word))
    }

    /// `шукає постачальників, які мають ліцензію`: a clause about firms that nobody names.
    fn of_others(&self, clause: &Range<usize>) -> bool {
        static RELATIVE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\s*(?:що|як(?:і|а|ий|е)|котр\p{L}+)\s").expect("a constant pattern")
        });
        static FIRM: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"постачальник|компані|виробник|експортер|фірм|підприємств|завод")
                .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        if self.sentence.tongue != Tongue::Uk || !RELATIVE.is_match(&low[clause.clone()]) {
            return false;
        }
        let last = self
            .chunks
            .iter()
            .filter(|chunk| chunk.at.end <= clause.start)
            .map(|chunk| chunk.at.end)
            .max()
            .unwrap_or(0);
        FIRM.is_match(&low[last..clause.start])
    }

    /// `поновив дію ліцензії`: a suspension ends, nothing is renewed; `про відмову` tells of none.
    fn resumed(&self, hit: &Hit) -> bool {
        let low = &self.sentence.low;
        low[hit.at.clone()].starts_with("понов")
            && (low[hit.at.end..].trim_start().starts_with("дію") || low.contains("призупинен"))
            || &low[hit.at.clone()] == "відмову"
                && !low[..hit.at.start].trim_end().ends_with(['—', '–', '-'])
    }

    /// Whether the clause speaks of a renewal.
    fn renewal(&self, clause: &Range<usize>, hit: &Hit) -> bool {
        let before = &self.sentence.low[clause.start..hit.at.end];
        let after = parts::after_chars(&self.sentence.low[hit.at.end..clause.end], 12);
        [
            "续期",
            "续证",
            "续展",
            "展延",
            "续发",
            "延期申请",
            "延续申请",
            "продовження",
            "поновлення",
            "подовження",
        ]
        .iter()
        .any(|word| before.contains(word) || after.contains(word))
    }

    fn may_lack_theme(&self, hit: &Hit, action: LicenseAction, talk: &Talk) -> bool {
        // `获准向德国客户出口磁体`
        static EXPORTS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:其|公司)?(?:向|对|可|继续|恢复|将)?[^，。；]{0,16}(?:出口|外销|输出|供货|出货)").expect("a constant pattern")
        });
        let word = &self.sentence.low[hit.at.clone()];
        if action == LicenseAction::Granted && word.starts_with("同意") {
            return ["商务部", "主管部门", "商务厅"]
                .iter()
                .any(|who| self.sentence.low.contains(who));
        }
        // `Китай схвалив імпорт магнітів для X`
        static TRADE_UK: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:\p{L}+ ){0,3}?(?:імпорт|експорт|ввезення|вивезення|постачан|постав)")
                .expect("a constant pattern")
        });
        static CHINA_UK: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:^|[^\p{L}])(?:китай|пекін|мінторг кнр|міністерство торгівлі кнр)(?:[^\p{L}]|$)").expect("a constant pattern")
        });
        // `中国已核准四家企业进口稀土磁铁`
        static TRADE_ZH: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；]{0,16}(?:进口|出口|采购|输入)[^，。；]{0,8}(?:磁|稀土|镝|铽|钐|钇|钆|钪|镥)").expect("a constant pattern")
        });
        static CHINA_ZH: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?:中国|中方|北京|大陆|商务部)(?:商务部|当局|政府|官方)?(?:[^，。；]{0,6})$",
            )
            .expect("a constant pattern")
        });
        if action == LicenseAction::Granted
            && ["核准", "批准", "放行"].iter().any(|known| word.starts_with(known))
            && TRADE_ZH.is_match(&self.sentence.low[hit.at.end..])
            && CHINA_ZH.is_match(&self.sentence.low[..hit.at.start])
        {
            return true;
        }
        if action == LicenseAction::Granted
            && (word.ends_with("зелене світло") || word.ends_with("добро"))
            && (talk.since <= 1 || CHINA_UK.is_match(&self.sentence.low[..hit.at.start]))
        {
            return true;
        }
        // `Нову компанія отримала вже 17 травня`
        static NEW_ONE: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:^|[^\p{L}])(?:нову|новий)(?: [\p{L}\d]+){0,3} $")
                .expect("a constant pattern")
        });
        if action == LicenseAction::Granted
            && talk.since <= 1
            && !talk.other
            && ["отрима", "одержа", "діста"].iter().any(|known| word.starts_with(known))
            && NEW_ONE.is_match(&self.sentence.low[..hit.at.start])
        {
            return true;
        }
        if action == LicenseAction::Granted
            && (word.starts_with("схвал") || word.starts_with("дозвол"))
            && TRADE_UK.is_match(&self.sentence.low[hit.at.end..])
            && CHINA_UK.is_match(&self.sentence.low[..hit.at.start])
        {
            return true;
        }
        if action == LicenseAction::Refused
            && self.sentence.tongue == Tongue::Uk
            && [" в експорті", " у вивезенні", " у праві на експорт", " в праві на експорт"]
                .iter()
                .any(|words| self.sentence.low[hit.at.end..].contains(words))
        {
            return true;
        }
        if action == LicenseAction::Suspended
            && ["审批", "受理", "审查", "审核"].iter().any(|word| self.sentence.low.contains(word))
            && self.sentence.low.contains("出口")
        {
            return true;
        }
        if action == LicenseAction::Granted
            && ["获准", "准予", "同意"].iter().any(|known| word.contains(known))
            && EXPORTS.is_match(&self.sentence.low[hit.at.end..])
        {
            return true;
        }
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
                    && ["获批", "新批", "拿证", "获证", "取得者", "获准", "过关", "схвал"]
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
            LicenseAction::Applied | LicenseAction::Pending => {
                // `Нові папери подано. «Рішення чекаємо»`
                let next = talk.since <= 2 && !talk.other && word.contains("рішення");
                (spoken || row || next) && !word.contains(" без ")
            }
        }
    }

    /// `дозвіл припинив дію`: it ended by itself, unless its name follows as what was stopped.
    fn ran_out(&self, hit: &Hit) -> bool {
        static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^ (?:[\p{L}]+ ){0,3}?(?:ліценз|дозв|документ)")
                .expect("a constant pattern")
        });
        static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?:ліцензія|ліцензії|дозвіл|дозволи|документ|документи|вона|він)(?:[^\p{L}]|$)",
            )
            .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        low[hit.at.clone()].starts_with("припин")
            && low[hit.at.clone()].ends_with("дію")
            && SUBJECT.is_match(&low[..hit.at.start])
            && !OBJECT.is_match(&low[hit.at.end..])
    }

    /// The license or application of the clause: before the trigger, else after it.
    pub(super) fn theme(
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
                static CHANCE: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"^[^，。；]{0,14}(?:的可能|可能性|的概率|几率|的机会|的预期|的前景|的希望|的难度|的条件|的资格|的流程|所需|的门槛|的周期|的前提)").expect("a constant pattern")
                });
                // `在取得新的许可证之前`, `获批前`; `公司将暂停…`
                static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"^(?:[^，。；]{0,12}?(?:许可证?|证|执照|批文|批准|通知|结果|了))?(?:之前|以前|前(?:$|[^景者提述往期后沿段]))").expect("a constant pattern")
                });
                if unreal
                    || rule.action != LicenseAction::Pending
                        && BEFORE.is_match(&low[hit.at.end..clause.end])
                    || whole.ends_with('将')
                    || whole.ends_with('如')
                    || after.starts_with("的风险")
                    || CHANCE.is_match(&low[hit.at.end..clause.end])
                    || after.starts_with('后') && whole.contains("须")
                    || after.contains("才能")
                    || after.starts_with("与否")
                    || after.starts_with("条件")
                {
                    return None;
                }
                if carried.unreal && !self.told(clause, hit) {
                    return None;
                }
                static NEVER: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"(?:从未|并未|未曾|没有|未)(?:委托|授权|要求|通过|收到|接到|接获|听说|因|以)[^，。；]{0,14}$").expect("a constant pattern")
                });
                if rule.action != LicenseAction::Pending && NEVER.is_match(before) {
                    return Some(Mood::Negated);
                }
                // `不存在到期或被撤销的情况`
                static NONE: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"(?:不存在|不涉及|未发生|没有发生|未出现|没有出现|从未有|并无)[^，。；]{0,16}$").expect("a constant pattern")
                });
                if NONE.is_match(whole) {
                    return Some(Mood::Negated);
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
                static WHETHER: LazyLock<Regex> = LazyLock::new(|| {
                    Regex::new(r"(?:^|[^\p{L}])(?:чи|якщо|якби|щоб|аби|коли б)(?:[^\p{L}]|$)")
                        .expect("a constant pattern")
                });
                let has = low[hit.at.clone()].starts_with("ма");
                if !has && mood.uk_unreal.is_match(&format!("{whole} "))
                    || has && WHETHER.is_match(whole)
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
        if carried.claimed
            || self.rules.voice.claimed.is_match(whole)
            || hearsay(&low[hit.at.end..clause.end])
        {
            return Some(Mood::Claimed);
        }
        Some(Mood::Fact)
    }

    /// Whether a clause after a wish or duty tells a fact again: it has its own subject, or a word of the past.
    fn told(&self, clause: &Range<usize>, hit: &Hit) -> bool {
        static PAST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"已|了|日前|近日|昨|今天|上周|上月|此前|曾|先后|目前|\d日|\d月|被|遭")
                .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let own = self.chunks.iter().any(|chunk| {
            clause.start <= chunk.at.start
                && chunk.at.end <= clause.end
                && chunk.naming == Naming::Named
                && !self.buyer(chunk)
        });
        own || PAST.is_match(&low[clause.start..hit.at.end]) || low[hit.at.end..].starts_with('了')
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
}

/// `…被叫停”的传闻`: what was just told is only said to be so.
fn hearsay(after: &str) -> bool {
    static SAID: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[^，。；]{0,8}[”」』]?(?:的|之)(?:市场|网络|相关|有关|不实|虚假)*(?:传闻|传言|流言|谣言|说法|消息|帖子|网帖|截图|报道|报导|一事)|^[”」』]?(?:一说|一事|的说法)").expect("a constant pattern")
    });
    SAID.is_match(after)
}

/// `将其许可证吊销`: 将 marks the object here, not the future.
pub(super) fn disposal(words: &str, at: Range<usize>) -> bool {
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

/// `获得结业证书`, `取得订单`: what is received is no license.
fn other_object(after: &str) -> bool {
    static OBJECT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[^，。；]{0,12}(?:证书|奖|荣誉|订单|投资|融资|补贴|资金|贷款|收益|收入|认证|专利|支持|好评|成绩|进展|增长|突破|合同|股权|土地|通知|回复|答复|反馈)").expect("a constant pattern")
    });
    OBJECT.is_match(after)
}

/// `Четвертому претендентові, X,`: who is meant stands here, and is none of those told of before.
fn another(before: &str) -> bool {
    static ANOTHER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[^\p{L}])(?:друг|трет|четверт|п['’ʼ]ят|шост|сьом|інш|решт)\p{L}+ (?:претендент|заявни|покуп|постачальни|виробни|компані|фірм|підприємств)\p{L}+").expect("a constant pattern")
    });
    ANOTHER.is_match(before)
}
