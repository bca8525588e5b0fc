//! Whose event it is: the holder by word order, by relative clauses, and by who speaks or denies.
//!
//! A firm to whom goods go is a buyer and holds nothing; where the clause leaves the holder out and
//! nothing beside it names one, there is none.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::parts::{self, Chunk, Group, Hit, Holder, Naming};
use super::super::rules::{Frame, Tongue};
use super::super::talk::{Mood, firm};
use super::Reader;
use crate::model::license::LicenseAction;

impl Reader<'_> {
    /// `获得许可的企业包括X、Y`, and `针对网传公司许可证被吊销一事，X公告称`: the holder comes after.
    pub(super) fn named_later(&self, hit: &Hit, mood: Mood) -> Vec<Holder> {
        static WHO: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；]{0,22}的(?:[^，。；的]{0,6})?(?:企业|公司|厂商|单位|厂家|出口商|磁企)?(?:名单)?[^，。；]{0,8}[，：]?(?:包括|分别是|分别为|依次为|依次是|有|为|是|即|：)$|^(?:企业|公司|厂商|者)(?:名单)?(?:包括|分别是|分别为|有|为|是|即|：)$").expect("a constant pattern")
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
        static ONLY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?: \p{L}+){0,4} ?[:—–]\s*[«“]?$").expect("a constant pattern")
        });
        if self.sentence.tongue == Tongue::Uk
            && let Some(chunk) =
                later.first().filter(|chunk| ONLY.is_match(&low[hit.at.end..chunk.at.start]))
        {
            return chunk.holders.clone();
        }
        static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；！？]{0,16}(?:说|表示|称|介绍|透露|坦言|指出|告诉|解释)")
                .expect("a constant pattern")
        });
        let before = &low[..hit.at.start];
        if ["我们", "我厂", "我司", "本厂", "我公司"].iter().any(|word| before.contains(word))
            && let Some(chunk) = later
                .iter()
                .find(|chunk| chunk.holders.len() == 1 && !self.buyer(chunk))
                .filter(|chunk| SPEAKS.is_match(&low[chunk.at.end..]))
        {
            return chunk.holders.clone();
        }
        let own = matches!(mood, Mood::Claimed | Mood::Denied)
            && ["公司", "其"].iter().any(|word| before.contains(word));
        match later.as_slice() {
            [only] if own && only.holders.len() == 1 && !self.buyer(only) => only.holders.clone(),
            _ => Vec::new(),
        }
    }

    /// `上月获得通用许可的X`: the firm that the clause describes.
    pub(super) fn head_after(&self, hit: &Hit) -> Option<Vec<Holder>> {
        static OF: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:了)?[^，。；、：的]{0,12}(?:许可证件?|许可|执照|准证|批文|证|申请)的$")
                .expect("a constant pattern")
        });
        static BARE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"^(?:了)?的$").expect("a constant pattern"));
        let low = &self.sentence.low;
        if self.sentence.tongue != Tongue::Zh {
            return None;
        }
        let chunk = self
            .chunks
            .iter()
            .find(|chunk| chunk.at.start >= hit.at.end && chunk.naming == Naming::Named)?;
        let between = &low[hit.at.end..chunk.at.start];
        const WHOLE: &[&str] =
            &["获批", "获证", "获准", "获颁", "获发", "拿证", "持证", "被拒", "遭拒"];
        let passive = BARE.is_match(between)
            && (low[..hit.at.start].ends_with(['被', '遭', '获'])
                || WHOLE.iter().any(|word| low[hit.at.clone()].ends_with(word)));
        // The one whose goods go to somebody else is a buyer, not the head.
        (OF.is_match(between) || passive)
            .then(|| chunk.holders.clone())
            .filter(|holders| holders.len() == 1)
    }

    /// `因许可证过期，X…`, `获得许可后，X…`: the subject stands in the next clause.
    pub(super) fn subject_next(&self, clause: &Range<usize>) -> Vec<Holder> {
        let low = &self.sentence.low;
        let words = low[clause.clone()].trim();
        let leads = ["因", "由于", "随着", "在"].iter().any(|word| words.starts_with(word))
            || words.ends_with('后')
            || words.ends_with("之后");
        let free = self
            .chunks
            .iter()
            .all(|chunk| chunk.at.end <= clause.start || clause.end <= chunk.at.start);
        if !leads || !free {
            return Vec::new();
        }
        self.chunks
            .iter()
            .find(|chunk| {
                chunk.at.start >= clause.end
                    && low[clause.end..chunk.at.start].chars().count() <= 2
                    && chunk.naming == Naming::Named
                    && !self.buyer(chunk)
            })
            .map(|chunk| chunk.holders.clone())
            .unwrap_or_default()
    }

    /// `针对许可证被叫停的传闻，X、Y均否认`: those of whom it was said.
    pub(super) fn denier(&self, hit: &Hit) -> Option<Vec<Holder>> {
        static DENIES: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^[^，。；]{0,20}(?:否认|澄清|辟谣|回应|驳斥|不实)")
                .expect("a constant pattern")
        });
        self.chunks
            .iter()
            .find(|chunk| {
                chunk.at.start >= hit.at.end
                    && chunk.naming == Naming::Named
                    && !chunk.doubtful
                    && DENIES.is_match(&self.sentence.low[chunk.at.end..])
            })
            .map(|chunk| chunk.holders.clone())
    }

    /// `ліцензію, видану X`: the holder stands in the participle that follows.
    pub(super) fn described_after(&self, clause: &Range<usize>) -> Vec<Holder> {
        static GIVEN: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^, (?:яку |яка |що )?(?:\p{L}+ ){0,3}?(?:видан|надан|отриман|одержан|видал|надал|отрима|одержа)\p{L}+ (?:[\p{L}\d]+ ){0,4}[«“]?$").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        if self.sentence.tongue != Tongue::Uk {
            return Vec::new();
        }
        self.chunks
            .iter()
            .find(|chunk| {
                chunk.at.start >= clause.end
                    && chunk.naming == Naming::Named
                    && GIVEN.is_match(&low[clause.end..chunk.at.start])
            })
            .map(|chunk| chunk.holders.clone())
            .unwrap_or_default()
    }

    /// `«Нам видали ліцензію», — сказав директор X`.
    pub(super) fn speaks_after(&self, hit: &Hit) -> Vec<Holder> {
        static SAID: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:сказа|розпов|повідом|заяви|пояс|зауваж|додал|додав|зазнач|підтверд|написа|каже|говорить|відповіда|пригаду|ділиться|визна)\p{L}* [^.;]{0,60}$").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        self.chunks
            .iter()
            .find(|chunk| {
                chunk.at.start >= hit.at.end
                    && chunk.naming == Naming::Named
                    && SAID.is_match(&low[hit.at.end..chunk.at.start])
            })
            .map(|chunk| chunk.holders.clone())
            .unwrap_or_default()
    }

    /// A firm spoken of as a buyer: `客户为X`, `供应X`, `для X`.
    pub(super) fn buyer(&self, chunk: &Chunk) -> bool {
        let low = &self.sentence.low;
        let before = low[..chunk.at.start].trim_end_matches(['«', '"', '“', ' ']);
        const ADVERBS: &[&str] = &[
            "已经", "已", "均", "都", "也", "亦", "双双", "日前", "近日", "昨", "今", "同时",
            "先后", "皆", "最近", "成功", "率先",
        ];
        if chunk
            .holders
            .iter()
            .any(|holder| firm(holder).is_some_and(|i| self.names.entities[i].foreign()))
            && chunk.naming == Naming::Named
        {
            let mut after = low[chunk.at.end..].trim_start();
            while let Some(rest) = ADVERBS.iter().find_map(|word| after.strip_prefix(word)) {
                after = rest;
            }
            // `福特证实` speaks, it does not hold.
            let gets = [
                "向中国",
                "向北京",
                "向中方",
                "向商务部",
                "向大陆",
                "申请",
                "的申请",
                "被拒",
                "遭拒",
                "获",
                "取得",
                "拿到",
                "已获",
                "отрима",
                "也获",
                "均获",
                "、",
            ]
            .iter()
            .any(|word| after.starts_with(word));
            let applies = [
                "从中国进口",
                "自中国进口",
                "从大陆进口",
                "自大陆进口",
                "向中国申请",
                "向中方申请",
                "向商务部申请",
                "向大陆申请",
                "向北京申请",
                "向中国提交",
            ]
            .iter()
            .any(|words| low[chunk.at.end..].contains(words));
            if !gets && !applies && self.sentence.tongue == Tongue::Zh {
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
        if self.sentence.tongue == Tongue::Zh && addressee(before, &low[chunk.at.end..]) {
            return true;
        }
        // `відмовив у ліцензіях на магніти компаніям X`
        const TO_THEM: &[&str] =
            &["компаніям", "фірмам", "підприємствам", "експортерам", "виробникам", "заводам"];
        let told = TO_THEM.iter().any(|word| {
            before.strip_suffix(word).is_some_and(|rest| !rest.trim_end().ends_with("до"))
        });
        // `ліцензія на магніти «X»`: what it is for, not whom.
        let goods = before
            .rsplit_once(" на ")
            .is_some_and(|(_, rest)| rest.starts_with("магніт") && !rest.contains(' '));
        let told = told || goods;
        if self.sentence.tongue == Tongue::Uk && !told && FOR_UK.is_match(before) {
            return true;
        }
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

    pub(super) fn holders(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        frame: Frame,
        theme: Option<usize>,
        own: Option<usize>,
    ) -> Vec<Holder> {
        let inside = |chunk: &Chunk| clause.start <= chunk.at.start && chunk.at.end <= clause.end;
        let of = |i: usize| self.chunks[i].holders.clone();
        // `строк дозволу для Valeo сплив`, in a clause that goes on about an exporter.
        let sold_to = |i: &usize| {
            self.sentence.tongue == Tongue::Uk
                && FOR_UK.is_match(
                    self.sentence.low[..self.chunks[*i].at.start]
                        .trim_end_matches(['«', '"', '“', ' ']),
                )
                && self.chunks.iter().any(|chunk| {
                    chunk.at.end <= clause.start
                        && chunk.naming == Naming::Named
                        && chunk.holders.iter().any(|holder| self.home(holder))
                })
        };
        if let Some(owner) = own
            .and_then(|theme| self.themes[theme].owner)
            .filter(|i| inside(&self.chunks[*i]) && !sold_to(i))
            && (self.usable(owner, hit) || !self.chunks[owner].doubtful || own.is_some())
        {
            return of(owner);
        }
        if own.is_some_and(|theme| self.themes[theme].pronoun) {
            let before = own.map_or(hit.at.start, |theme| self.themes[theme].at.start);
            let before = self.sentence.low[..before].rfind('其').unwrap_or(before);
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
                between.chars().count() <= if self.sentence.tongue == Tongue::Uk { 44 } else { 30 }
            })
        };
        let wanted = match frame {
            // `向X颁发`, then `颁发给X`.
            Frame::Give | Frame::Reach => before.or(after.filter(|_| gets_after)),
            Frame::End | Frame::Cover | Frame::Wait => {
                before.or(after.filter(|_| self.sentence.tongue == Tongue::Uk))
            }
            // `【获批】X：…`
            _ if self.sentence.item && self.sentence.low.starts_with('【') => before.or(after),
            _ => before.or(after.filter(|_| self.sentence.tongue == Tongue::Uk && theme.is_some())),
        };
        wanted.map(of).unwrap_or_default()
    }

    /// Whether a holder is a firm not known to be foreign.
    pub(super) fn home(&self, holder: &Holder) -> bool {
        firm(holder).is_some_and(|i| !self.names.entities[i].foreign())
    }

    /// `核准向X供应镝的申请`: somebody's who sells to X.
    pub(super) fn applied_to_ship(&self, clause: &Range<usize>) -> Vec<Holder> {
        static ASKED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:等)?(?:企业|公司|客户|厂商|集团|工业)?(?:(?:出口|供货|供应|发货|出货|销售|交付|出售|输出|交货|提供)[^，。；]{0,14}的?|的(?:出口|供货)?)(?:申请|许可)").expect("a constant pattern")
        });
        let low = &self.sentence.low;
        if self.sentence.tongue != Tongue::Zh {
            return Vec::new();
        }
        self.chunks
            .iter()
            .filter(|chunk| {
                clause.start <= chunk.at.start
                    && chunk.at.end <= clause.end
                    && chunk.naming == Naming::Named
                    && !chunk.holders.iter().any(|holder| self.home(holder))
            })
            .find(|chunk| {
                let before = &low[..chunk.at.start];
                ["向", "对", "给", "为"].iter().any(|to| before.ends_with(to))
                    && ASKED.is_match(&low[chunk.at.end..])
            })
            .map(|chunk| {
                Holder::Group(Group {
                    buyers: chunk.holders.iter().filter_map(firm).collect(),
                    limited: true,
                    ..Group::default()
                })
            })
            .into_iter()
            .collect()
    }

    /// A doubtful name counts only right beside the trigger.
    pub(super) fn usable(&self, chunk: usize, hit: &Hit) -> bool {
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
    pub(super) fn list_after(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        holders: &[Holder],
    ) -> Option<Vec<Holder>> {
        if !holders.iter().any(|holder| matches!(holder, Holder::Group(_))) {
            return None;
        }
        let low = &self.sentence.low;
        static LISTED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?:包括|分别是|分别为|名单为)(?:了)?$|(?:серед|поміж) них (?:— |– |: )?[«“]?$",
            )
            .expect("a constant pattern")
        });
        static NAMELY: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?:包括|分别是|分别为|即|为|是|如|有|：|:|зокрема|серед них|поміж них|з-поміж них|між ними|у їх числі|а саме|це|—|–)\s*[«“]?$",
            )
            .expect("a constant pattern")
        });
        let first = self.chunks.iter().position(|chunk| {
            chunk.naming == Naming::Named
                && chunk.at.start >= hit.at.end.min(clause.end)
                && (!self.buyer(chunk) || LISTED.is_match(&low[..chunk.at.start]))
                && NAMELY.is_match(&low[hit.at.end..chunk.at.start])
        })?;
        let mut holders = self.chunks[first].holders.clone();
        // `包括甲、乙及丙旗下的丁`: the list goes on to the clause's end.
        if self.sentence.tongue == Tongue::Zh
            && LISTED.is_match(&low[..self.chunks[first].at.start])
        {
            let from = self.chunks[first].at.end;
            let upto = low[from..].find(['，', '；', '。']).map_or(low.len(), |at| from + at);
            let more = self.chunks[first + 1..]
                .iter()
                .filter(|chunk| chunk.naming == Naming::Named && chunk.at.end <= upto);
            for holder in more.flat_map(|chunk| &chunk.holders) {
                if !holders.contains(holder) {
                    holders.push(holder.clone());
                }
            }
        }
        Some(holders)
    }

    /// Applications or licenses without holders.
    pub(super) fn counted(
        &self,
        clause: &Range<usize>,
        hit: &Hit,
        filed: bool,
    ) -> Option<(Holder, bool)> {
        if let Some(group) = self.examination(clause, hit) {
            return Some((Holder::Group(group), true));
        }
        // `其余仍在等待`, `решта чекає`, after a tally
        static REST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:而|а |і )?(?:其余|剩余|余下|решта)[^，。；,;]{0,16}$")
                .expect("a constant pattern")
        });
        if filed
            && self.rules.triggers[hit.trigger].action == LicenseAction::Pending
            && REST.is_match(self.sentence.low[clause.start..hit.at.start].trim_start())
        {
            return Some((Holder::Group(Group { limited: true, ..Group::default() }), true));
        }
        static LIMITED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:部分|一定数量(?:的)?|若干|一些|一批|(?:[近约逾仅过]|不到|超过|不足)*(?:半数|一半|半|[一二三四五]分之[一二三四五]|\d+%|多数|少数|[一两二三四五六七八九]成(?:多)?)|(\d+)(?:份|件|宗|项|张|笔|个|起)?)(?:的)?(?:[^，。；]{0,12})?(?:申请|许可证|许可|案件)?$|(?:певн\p{L}+ кільк\p{L}+|частин\p{L}+|кільк\p{L}+|деяк\p{L}+|низк\p{L}+|третин\p{L}+|половин\p{L}+|чверт\p{L}+|більшіст\p{L}+|десятк\p{L}+|сотн\p{L}+|(\d+)) (?:\p{L}+ ){0,3}(?:заявок|заявки|ліцензі\p{L}+|дозвол\p{L}+)")
                .expect("a constant pattern")
        });
        let low = &self.sentence.low;
        let span = &low[clause.start..hit.at.start];
        let captures = LIMITED.captures(span).or_else(|| {
            let rest = &low[hit.at.end..clause.end];
            static AFTER: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"^(?:了)?(?:部分|一定数量(?:的)?|若干|一些|一批|(\d+)(?:份|件|宗|项|张|笔|个|起)?)(?:的)?(?:[^，。；]{0,14})?(?:申请|许可证|许可)|^(?:了)?[^，。；\d]{0,14}(?:许可证|许可|申请)(?:共|计|达)?(\d+)(?:份|件|张|个|宗)|^ (?:близько |майже |понад |щонайменше |до )?(?:певн\p{L}+ кільк\p{L}+|частин\p{L}+|кільк\p{L}+|деяк\p{L}+|низк\p{L}+|третин\p{L}+|половин\p{L}+|чверт\p{L}+|більшіст\p{L}+|десятк\p{L}+|сотн\p{L}+|(\d+)) (?:\p{L}+ ){0,3}(?:заявок|заявки|ліцензі\p{L}+|дозвол\p{L}+)")
                    .expect("a constant pattern")
            });
            AFTER.captures(rest)
        })?;
        let words = captures.get(0)?.as_str().trim().to_owned();
        let count = captures
            .get(1)
            .or(captures.get(2))
            .or(captures.get(3))
            .and_then(|m| m.as_str().parse().ok());
        let named = words.contains("申请")
            || words.contains("许可")
            || words.contains("案件")
            || words.contains("заяв")
            || words.contains("ліценз")
            || words.contains("дозв");
        let share =
            ["成", "分之", "半", "%", "多数", "少数"].iter().any(|word| words.contains(word));
        (named
            || filed && (count.is_some() || share)
            || self.theme(clause, hit, Frame::Give, None).is_some())
        .then_some((Holder::Group(Group { words, limited: true, count, ..Group::default() }), true))
    }

    /// A stop in examining applications for a place: `暂停审批对日本的出口许可申请`.
    pub(super) fn examination(&self, clause: &Range<usize>, hit: &Hit) -> Option<Group> {
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
            const SHORT: &[(&str, &str)] = &[
                ("Japan", "日"),
                ("Taiwan", "台"),
                ("US", "美"),
                ("South Korea", "韩"),
                ("Europe", "欧"),
                ("India", "印"),
            ];
            let short = SHORT.iter().any(|(name, word)| {
                place.name == *name
                    && ["对", "输"].iter().any(|to| words.contains(&format!("{to}{word}")))
            });
            place.nouns.is_match(words) || short
        })?;
        Some(Group {
            words: String::new(),
            place: Some(place.name.clone()),
            limited: true,
            ..Group::default()
        })
    }

    /// A statement about everybody's applications.
    pub(super) fn generic(&self, clause: &Range<usize>, holders: &[Holder]) -> bool {
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
}

/// `для чеської фірми`
static FOR_UK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:^|[^\p{L}])(?:для|до|на|саме на|клієнт\p{L}*|покупц\p{L}+|покупець|замовник\p{L}*|замовниц\p{L}+)(?: (?:\p{L}+(?:ськ|цьк|зьк)\p{L}+|компані\p{L}+|фірм\p{L}+|концерн\p{L}*|груп\p{L}+|виробник\p{L}*|завод\p{L}*|корпораці\p{L}+|автовиробник\p{L}*|магніт\p{L}+|двигун\p{L}*)){0,3}$").expect("a constant pattern")
});

/// `向X出口`, `输往X的`: somebody to whom goods go.
pub(super) fn addressee(before: &str, after: &str) -> bool {
    static TO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:向|对|给|往|至|为|与|由)[^，。；、：]{0,7}$").expect("a constant pattern")
    });
    static SENDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:等)?(?:企业|公司|客户|厂商|集团)?(?:出口|供货|供应|发货|出货|销售|交付|出售|输出|交货|提供|外销|供应)").expect("a constant pattern")
    });
    SENDS.is_match(after) && TO.is_match(before)
        || ["输往", "出口至", "出口到", "销往", "运往", "发往", "出口给", "供应给", "卖给"]
            .iter()
            .any(|word| before.ends_with(word))
}

/// Whether somebody speaks of their own firm.
pub(super) fn first_person(words: &str) -> bool {
    words.split(|c: char| !c.is_alphabetic()).any(|word| {
        matches!(
            word,
            "ми" | "нам"
                | "нас"
                | "наш"
                | "наша"
                | "нашу"
                | "нашої"
                | "наші"
                | "наших"
                | "нашому"
        )
    })
}
