//! Chinese names without a suffix of their own: by their place, by a list, by what they do.
//!
//! Nothing here takes an office, a trade or goods for a firm.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::super::document::Sentence;
use super::super::rules::Tongue;
use super::han::{TIGHT, chinese_candidate, sentences_with};
use super::{Candidate, Finder, Mention};
use crate::text;

impl Finder<'_> {
    /// A town's place with its province's before it: `福建` `长汀`.
    pub(super) fn wider(&self, low: &str, mut at: usize, mut length: usize) -> (usize, usize) {
        while let Some(place) = self
            .rules
            .names
            .chinese_places_zh
            .iter()
            .find(|place| low[..at].ends_with(place.as_str()))
        {
            at -= place.len();
            length += place.len();
        }
        (at, length)
    }

    /// A name without its place, by its bounds and what follows: `企业` `晶门` `永磁` `已获`.
    pub(super) fn bounded<'a>(
        &self,
        low: &'a str,
        start: usize,
        suffix: usize,
    ) -> Option<(usize, &'a str)> {
        // `续证材料已递交`: what these end may be no name at all unless it speaks.
        static WEAK: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:材料|资源|公司|集团|汽车|工业|机电|动力|化学|航空|航天|机器人|半导体|金属|稀土|磁体|磁铁|磁性|合金|精密|实业|矿业|新能源)$").expect("a constant pattern")
        });
        static SPEAKS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:[(（]\d{5,6}|公告|宣布|表示|称|说|回应|回复|披露|证实|透露|指出|坦言|澄清|否认|董事|董秘|负责人|总经理|发言人|所持|昨日|日前|已获|获颁|获批|已取得|已拿到)").expect("a constant pattern")
        });
        let names = &self.rules.names;
        let run: usize = low[..start]
            .chars()
            .rev()
            .take(14)
            .take_while(|c| text::is_han(*c))
            .map(char::len_utf8)
            .sum();
        let from = start - run;
        let cut = names
            .zh_before
            .find_iter(&low[from..start])
            .map(|m| m.end())
            .filter(|end| low[from + end..suffix].chars().count() >= 3)
            .filter(|end| from + end < start)
            .last()
            .unwrap_or(0);
        let core = &low[from + cut..start];
        // `厂商虔东稀土，本月12日获…`: named for what it is, it acts past the comma.
        static ACTS: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^，(?:已|亦|也|日前|近日|[今昨前]日|[本上]月|[本上]周|\d{1,2}月|\d{1,2}日)*(?:获|取得|拿到|领到|遭|被)").expect("a constant pattern")
        });
        let headed = ["厂商", "供应商", "生产商", "制造商", "出口商", "磁企"]
            .iter()
            .any(|head| low[..from + cut].ends_with(head))
            && ACTS.is_match(&low[suffix..]);
        let least = if low[start..].starts_with('磁') { 1 } else { 2 };
        let fits = (least..=4).contains(&core.chars().count())
            && !core.chars().any(|c| TIGHT.contains(c))
            && !self.ordinary(core)
            && !names.zh_suffixes.is_match(core)
            && !names.zh_before.is_match(core)
            && (headed || names.zh_after.is_match(&low[suffix..]))
            && (headed || !WEAK.is_match(&low[start..suffix]) || SPEAKS.is_match(&low[suffix..]));
        fits.then_some((from + cut, core))
    }

    /// A place and a name without any suffix, by what it does: `旗下` `长汀金龙` `已取得`.
    pub(super) fn suffixless(
        &self,
        sentence: &Sentence<'_>,
        taken: &[&Range<usize>],
        into: &mut Vec<Candidate>,
    ) {
        static NOT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"[厅局委部署院省市县区镇乡村州关会社报网台港城厂校]|企业|公司|客户|厂商|方面|当局|官员|人士|业者|商人|出口|进口|稀土|磁材|磁体|磁铁|磁钢|磁业|客商|先生|女士|老板|核准|批准|颁|发放|撤|吊|暂停|拒|要求|通知|规定|宣布|多家|一家|两家|三家|电|讯|时间|当地|自贸|大学|证券|银行|海关|政府|工人|记者|消息|媒体|专家|代表|大地|许可|申请|\d").expect("a constant pattern")
        });
        let low = &sentence.low;
        for place in self.rules.names.zh_places.find_iter(low) {
            if place.as_str() == "北京"
                || taken.iter().any(|at| place.start() < at.end && at.start < place.end())
            {
                continue;
            }
            let mut end = place.end();
            for (count, c) in low[place.end()..].chars().take(4).enumerate() {
                if !text::is_han(c) || TIGHT.contains(c) {
                    break;
                }
                end += c.len_utf8();
                let core = &low[place.end()..end];
                if NOT.is_match(core) {
                    break;
                }
                if count >= 1
                    && !self.ordinary(core)
                    && self.rules.names.zh_after.is_match(&low[end..])
                    && !taken.iter().any(|at| place.start() < at.end && at.start < end)
                {
                    let (start, _) = self.wider(low, place.start(), 0);
                    into.push(chinese_candidate(
                        sentence.text,
                        low,
                        start..end,
                        place.end(),
                        end,
                        true,
                    ));
                    break;
                }
            }
        }
    }

    /// `控股子公司` `安泰北方` `近日获得`: a name after a word for a firm of another's.
    pub(super) fn subsidiary(
        &self,
        sentence: &Sentence<'_>,
        taken: &[&Range<usize>],
        into: &mut Vec<Candidate>,
    ) {
        static HEAD: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:子公司|孙公司|附属公司|旗下|联营公司|合营公司)(?:的)?(?:“|「)?")
                .expect("a constant pattern")
        });
        static NOT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"企业|公司|客户|产品|业务|许可|申请|出口|工厂|[厂矿]|品牌|基金|供应|部分|主要|申报|材料|[家个项张名]|\d").expect("a constant pattern")
        });
        let low = &sentence.low;
        for head in HEAD.find_iter(low) {
            let mut end = head.end();
            for (count, c) in low[head.end()..].chars().take(6).enumerate() {
                if !text::is_han(c) || TIGHT.contains(c) {
                    break;
                }
                end += c.len_utf8();
                let core = &low[head.end()..end];
                let range = head.end()..end;
                if NOT.is_match(core)
                    || taken.iter().any(|at| range.start < at.end && at.start < range.end)
                {
                    break;
                }
                if count >= 2
                    && self
                        .rules
                        .names
                        .zh_after
                        .is_match(low[end..].trim_start_matches(['”', '」']))
                {
                    let mut candidate = chinese_candidate(
                        sentence.text,
                        low,
                        range.clone(),
                        range.start,
                        range.end,
                        true,
                    );
                    candidate.country = Some("CN".to_owned());
                    into.push(candidate);
                    break;
                }
            }
        }
    }

    /// `【获批】安徽永磁科创：`, `● 江西赣磁｜`: the name that a row begins with.
    pub(super) fn rowed(
        &self,
        sentence: &Sentence<'_>,
        taken: &[&Range<usize>],
        into: &mut Vec<Candidate>,
    ) {
        static ROW: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^(?:【[^】]{1,6}】)?\s*(?P<name>\p{Han}{3,12})\s*[：:｜|]")
                .expect("a constant pattern")
        });
        static NOT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"许可|申请|获批|出口|情况|动态|名单|其他|来源|数据|原因|企业|客户|产品|目的地|有效期|备注|说明|日期|类型|状态|商务部|部门|时间|说$|称$|答$|问$|表示|小结|汇总|提示|关注|传闻")
                .expect("a constant pattern")
        });
        let low = &sentence.low;
        let Some(name) = ROW.captures(low).filter(|_| sentence.item).and_then(|c| c.name("name"))
        else {
            return;
        };
        let placed =
            self.rules.names.chinese_places_zh.iter().any(|place| {
                name.as_str().starts_with(place.as_str()) && name.len() > place.len() + 3
            });
        let free = taken.iter().all(|at| name.end() <= at.start || at.end <= name.start());
        if placed && free && !NOT.is_match(name.as_str()) {
            into.push(self.placed(sentence, name.range()));
        }
    }

    /// `获得许可的用户包括甲、乙及丙旗下的丁`: names that only their list tells.
    pub(super) fn enumerated(
        &self,
        sentence: &Sentence<'_>,
        taken: &[&Range<usize>],
        into: &mut Vec<Candidate>,
    ) {
        static LIST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?:用户|企业|公司|厂商|车企|车厂|业者|买家|客户|者|名单|当中|其中)(?:名单)?(?:包括|分别是|分别为|分别系|依次为)(?:了)?(?P<list>[^，。；：]{3,80})").expect("a constant pattern")
        });
        static LICENSED: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"许可|获批|获准|核准|放行|批准").expect("a constant pattern")
        });
        static OF: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r"^.*旗下(?:的)?").expect("a constant pattern"));
        static NOT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"企业|厂商|客户|行业|协会|部门|产品|业务|许可|出口|申请|供应|镝|铽|钐|钆|镥|钪|钇|钕|磁体|磁铁|合金|稀土|市场|方面|其他|其余|名称|不详|[家个名]$|等").expect("a constant pattern")
        });
        let low = &sentence.low;
        let Some(list) = LIST.captures(low).and_then(|c| c.name("list")) else { return };
        if !LICENSED.is_match(low) || !low[list.range()].contains(['、', '及', '和']) {
            return;
        }
        let country = self.rules.places.iter().find(|place| {
            place.nouns.find_iter(low).any(|m| {
                ["企业", "公司", "厂商", "车企", "车厂", "业者", "用户", "买家", "零件", "零部件"]
                    .iter()
                    .any(|word| low[m.end()..].starts_with(word))
            })
        });
        let mut start = list.start();
        for (i, c) in low[list.range()].char_indices().chain([(list.len(), '、')]) {
            if !matches!(c, '、' | '及' | '和' | '与') {
                continue;
            }
            let end = list.start() + i;
            let words = &low[start..end];
            let from = start + OF.find(words).map_or(0, |m| m.end());
            let words = low[from..end].trim_end_matches(['等']);
            let range = from..from + words.len();
            start = end + c.len_utf8();
            let free = taken.iter().all(|at| range.end <= at.start || at.end <= range.start);
            let fits = (3..=10).contains(&words.chars().count())
                && words.chars().all(text::is_han)
                && !NOT.is_match(words)
                && self.rules.names.zh_ordinary.iter().all(|known| known != words)
                && self
                    .rules
                    .places
                    .iter()
                    .all(|place| place.nouns.find(words).is_none_or(|m| m.len() < words.len()));
            if !free || !fits {
                continue;
            }
            let mut candidate = self.placed(sentence, range);
            candidate.country = country.map(|place| place.name.clone());
            into.push(candidate);
        }
    }

    /// Names without any suffix that stand in a list beside a firm: `安徽皖磁、浙江东屿磁业`.
    pub(super) fn listed(
        &self,
        sentences: &[Sentence<'_>],
        mentions: &[Vec<Mention>],
    ) -> Vec<Candidate> {
        let mut found = Vec::new();
        for (sentence, mentions) in sentences.iter().zip(mentions) {
            if sentence.tongue != Tongue::Zh {
                continue;
            }
            for mention in mentions.iter().filter(|m| !self.entities[m.entity].foreign()) {
                let low = &sentence.low;
                let mut end = mention.at.end;
                while let Some(at) = self.next_listed(low, end, mentions) {
                    end = at.end;
                    found.push(self.placed(sentence, at));
                }
                let mut start = mention.at.start;
                while let Some(at) = self.last_listed(low, start, mentions) {
                    start = at.start;
                    found.push(self.placed(sentence, at));
                }
            }
        }
        found
    }

    pub(super) fn placed(&self, sentence: &Sentence<'_>, at: Range<usize>) -> Candidate {
        let low = &sentence.low;
        let place = self
            .rules
            .names
            .chinese_places_zh
            .iter()
            .filter(|place| low[at.clone()].starts_with(place.as_str()))
            .map(String::len)
            .max()
            .unwrap_or(0);
        let core = at.start + place;
        let mut candidate = chinese_candidate(sentence.text, low, at.clone(), core, at.end, true);
        candidate.country = Some("CN".to_owned());
        candidate
    }

    /// The name that follows a list's comma.
    pub(super) fn next_listed(
        &self,
        low: &str,
        end: usize,
        mentions: &[Mention],
    ) -> Option<Range<usize>> {
        static END: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"等|[一二两三四五六七八九十\d]+家|已|均|都|皆|也|亦|获|取得|拿到|双双|分别|同时|日前|近日|昨|今|的|被|遭|在|于|先后|相继|则|将|正|仍|尚|未|没").expect("a constant pattern")
        });
        let rest = &low[end..];
        let mark = ["、", "和", "与", "及", "以及"].iter().find(|mark| rest.starts_with(**mark))?;
        let start = end + mark.len();
        let run: usize = low[start..]
            .chars()
            .take(12)
            .take_while(|c| text::is_han(*c))
            .map(char::len_utf8)
            .sum();
        let words = &low[start..start + run];
        let cut = words.find(['和', '与', '及']).unwrap_or(run);
        let cut = END.find(words).map_or(cut, |m| m.start().min(cut));
        self.nameless(low, start..start + cut, mentions)
    }

    /// The name before a list's comma.
    pub(super) fn last_listed(
        &self,
        low: &str,
        start: usize,
        mentions: &[Mention],
    ) -> Option<Range<usize>> {
        let before = &low[..start];
        let mark = ["、", "和", "与", "以及", "及"].iter().find(|mark| before.ends_with(**mark))?;
        let end = start - mark.len();
        let run: usize = low[..end]
            .chars()
            .rev()
            .take(12)
            .take_while(|c| text::is_han(*c))
            .map(char::len_utf8)
            .sum();
        let from = end - run;
        let cut = self
            .rules
            .names
            .zh_before
            .find_iter(&low[from..end])
            .map(|m| m.end())
            .filter(|cut| low[from + cut..end].chars().count() >= 3)
            .last()
            .unwrap_or(0);
        self.nameless(low, from + cut..end, mentions)
    }

    /// Whether what stands there may be a firm's name: free, short, no place, goods or trade.
    pub(super) fn nameless(
        &self,
        low: &str,
        at: Range<usize>,
        mentions: &[Mention],
    ) -> Option<Range<usize>> {
        let words = &low[at.clone()];
        let free = mentions.iter().all(|m| m.at.end <= at.start || at.end <= m.at.start);
        let placed = self
            .rules
            .names
            .chinese_places_zh
            .iter()
            .find(|place| words.starts_with(place.as_str()))
            .is_some_and(|place| words[place.len()..].chars().count() >= 2);
        const NOT: &[&str] = &[
            "企业", "公司", "客户", "厂商", "媒体", "行业", "国", "洲", "盟", "省", "协会", "部",
            "局", "委", "产品", "业务", "许可", "出口", "申请", "供应", "证", "体", "土", "物",
            "器", "镝", "铽", "钐", "钆", "镥", "钪", "钇", "钕", "机构", "分析", "市场", "方面",
            "其", "台湾", "香港", "多家", "同行", "其他", "其余", "工厂",
        ];
        let between = ["、", "和", "与", "及"].iter().any(|mark| {
            low[at.end..].starts_with(mark)
                && mentions.iter().any(|m| m.at.start == at.end + mark.len())
                && mentions.iter().any(|m| m.at.end + mark.len() == at.start)
        });
        let again = between || sentences_with(&self.low, words) > 1;
        let fits = free
            && (3..=8).contains(&words.chars().count())
            && !words.chars().any(|c| TIGHT.contains(c))
            && !self.ordinary(words)
            && !NOT.iter().any(|word| words.contains(word))
            && self.rules.places.iter().all(|place| !place.nouns.is_match(words));
        (fits && (placed || again && words.chars().count() <= 5)).then_some(at)
    }
}
