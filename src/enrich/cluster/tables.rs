//! Tables of words read, and the shorter of them: days, numbers, what is counted, what is common.
//!
//! Data only. A line is a name and, behind a colon, the stems of the words that mean it; `_` is a
//! space, and at the end it makes a whole word of the stem. Longer lines go on indented. Nothing here knows a story.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{events, places};
use crate::text;

/// A table read: its names, and every stem that means one of them.
pub(super) struct Stems {
    search: AhoCorasick,
    /// For each stem of `search` the names it stands for, as places in `names`.
    owners: Vec<Vec<usize>>,
    /// For each stem whether it is a whole word.
    whole: Vec<bool>,
    /// The names.
    pub(super) names: Vec<&'static str>,
}

impl Stems {
    fn of(table: &'static str) -> Self {
        let (mut names, mut stems) = (Vec::new(), Vec::new());
        let (mut owners, mut whole) = (Vec::new(), Vec::new());
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (name, stem) in pairs(table) {
            if names.last() != Some(&name) {
                names.push(name);
            }
            let place = *places.entry(stem).or_insert_with(|| {
                stems.push(stem.trim_end_matches('_').replace('_', " "));
                whole.push(stem.ends_with('_'));
                owners.push(Vec::new());
                stems.len() - 1
            });
            owners[place].push(names.len() - 1);
        }
        let search = AhoCorasick::new(&stems).expect("a constant table of short words");
        Self { search, owners, whole, names }
    }

    /// Which names a text in lower case and simplified script tells of: a stem counts where it
    /// begins a word, in Chinese anywhere. In the table's order.
    pub(super) fn told(&self, lower: &str) -> Vec<usize> {
        let mut told: Vec<usize> = self.stems_in(lower).flatten().copied().collect();
        told.sort_unstable();
        told.dedup();
        told
    }

    /// Whether a text tells of any of the names.
    pub(super) fn tells(&self, lower: &str) -> bool {
        self.stems_in(lower).next().is_some()
    }

    /// For each stem in a text that counts, the names it stands for.
    fn stems_in<'a>(&'a self, lower: &'a str) -> impl Iterator<Item = &'a Vec<usize>> {
        let counts = move |start: usize| {
            let inside = |c: char| c.is_alphanumeric() && !unparted(c);
            !lower[..start].ends_with(inside) || lower[start..].starts_with(unparted)
        };
        let ends = |end: usize| !lower[end..].starts_with(char::is_alphanumeric);
        self.search
            .find_overlapping_iter(lower)
            .filter(move |found| {
                counts(found.start()) && (!self.whole[found.pattern()] || ends(found.end()))
            })
            .map(|found| &self.owners[found.pattern().as_usize()])
    }
}

/// Whether a letter stands in words that no space parts.
fn unparted(c: char) -> bool {
    text::is_han(c) || matches!(c, '\u{3040}'..='\u{30ff}')
}

/// A table's pairs of name and stem, in its order.
pub(super) fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut name = "";
    table.lines().filter(|line| !line.is_empty()).flat_map(move |line| {
        let stems = match line.split_once(':') {
            Some((named, stems)) if !line.starts_with(' ') => {
                name = named;
                stems
            }
            _ => line,
        };
        let name = name;
        stems
            .split(',')
            .map(str::trim)
            .filter(|stem| !stem.is_empty())
            .map(move |stem| (name, stem))
    })
}

/// `events::CONCEPTS`, read.
pub(super) static CONCEPT_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(events::CONCEPTS));
/// `events::STAGES`, read.
pub(super) static STAGE_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(events::STAGES));
/// `events::PLANNED`, read.
pub(super) static PLANNED_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(events::PLANNED));
/// `places::PLACES`, read.
pub(super) static PLACE_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(places::PLACES));
/// `places::MATERIALS`, read.
pub(super) static MATERIAL_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(places::MATERIALS));
/// `COUNTED`, read.
pub(super) static COUNTED_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(COUNTED));

/// Common words of English that say nothing of an event.
pub(super) const STOP: &str = "
the and for that with from have has had this will were was are its their they been which would could
more than said says after also into over about other such some when while where what year years
month company companies rare earth earths china chinese export exports news according reported
report first country most under only between through against being because last week still
";

/// Weekdays and months, as other languages in Latin letters name them.
pub(super) const DAYS: &str = "
Monday: montag, lundi, maandag, lunes
Tuesday: dienstag, mardi, dinsdag, martes
Wednesday: mittwoch, mercredi, woensdag, miércoles
Thursday: donnerstag, jeudi, donderdag, jueves
Friday: freitag, vendredi, vrijdag, vrydag, viernes
Saturday: samstag, samedi, zaterdag, saterdag, sábado
Sunday: sonntag, dimanche, zondag, sondag, domingo
January: januar, janvier, januari, januarie, enero
February: februar, février, februari, februarie, febrero
March: märz, mars, maart, marzo
April: avril, abril
May: mai, mei, mayo
June: juni, juin, junie, junio
July: juli, juillet, julie, julio
August: août, augustus, agosto
September: septembre, septiembre
October: oktober, octobre, octubre
November: novembre, noviembre
December: dezember, décembre, desember, diciembre
";

/// Words for small numbers; nought stands for one that is not told.
pub(super) const NUMBERS: &str = "
0: few, several, handful, some, certain, number, part, 部分, 有些, 一些, 多家
1: one, een, 一
2: two, twee, zwei, 两, 二
3: three, trio, drie, drei, 三
4: four, vier, 四
5: five, vyf, fünf, 五
6: six, ses, sechs, 六
7: seven, 七
8: eight, 八
9: nine, 九
10: ten, 十
11: eleven
12: twelve, dozen
";

/// What small numbers count.
const COUNTED: &str = "
firms: compan, firm, maker, producer, supplier, exporter, importer, carmaker, automaker, manufactur,
    enterprise, 家, 企业, motorreuse, unternehmen, компан
months: month, 个月, maande, monat, місяц
years: year, 年, jaar, jahr, рок
notices: announcement, measure, control, rule, 公告, 号, 措施, 项
countries: countr, nation, 国
projects: project, mine, plant, facilit, 项目
licenses: licen, permit, 许可, 张
";

/// Who reports, and so is no part of what is reported.
pub(super) const OUTLETS: &str = "
reuters bloomberg xinhua cnbc nikkei caixin times journal news guardian post argus fastmarkets
ministry commerce minister
";

/// What a capital letter makes no name.
pub(super) const DAYS_AND_MONTHS: &str = "
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january
february march april may june july august september october november december jan feb mar apr jun
jul aug sep sept oct nov dec
";

/// Words, pairs of characters and concepts that every sixth text of the field holds.
pub(super) const VERY_COMMON: &str = "
licenses licence magnets general ministry one not beijing commerce now new materials supply time can
out rules suppliers three months exporters goods controls china's motors work them get may all
buyers who hand make permits firms 出口 稀土 许可 管制 公司 土出 企业 申请 相关 中国 license grant magnet control cn us mine
";

/// Those that every twentieth text holds.
pub(super) const COMMON: &str = "
issued customer approved reuters need how made hold part before minerals chains carmakers told
makers six two million tech trump long trade world again industry metals producers high put run
april october use these mofcom several opening approval but critical less back should project
nothing people apply sources given among production take come group talks without since applications
november curbs suspended cover plant announced june known president way technology foreign came case
faster number obtained certain called follow weeks plan officials around abroad until further wants
december each keep end south matter know used earlier left step states confirmed bring turn import
shares energy shipments held down related elements outside serve electric deliveries reach say any
did briefings hard volumes washington united american let alloys half billion named reserve america
ltd every europe march went automakers gives permission decision once reports become short taken old
heavy agreed well passed vehicles look large send far stand another magnetics conditions european
leave january february july august september bank percent market markets global demand prices deal
government mine mining processing refining projects increase rise rose fell cut early largest major
key tonnes tons annual quarter his her our you your including during both just even much many very
then here him she 通用 可证 口许 土相 批准 部门 主管 管部 商务 人士 部分 中方 物项 的稀 务部 发言 言人 口管 磁材 北京 公告 国家 美国 表示 市场 生产 产品
项目 报道 记者 关键 矿产 truce buy suspend carmaker supplier announcement temporary renew start invest
spokesman price profit separate output metal oxide government first deep discover defense
shares list tariff court research jobs plant invest general output joint discover shipment ban scheme
au eu estimate talks motor growth fall cost election stockpile
";

/// Numbers in words that stand before a scale, beside the small ones.
pub(super) const SPELLED: &str = "
0.5: half a, half, halbe, eine halbe, demi, un demi, medio, пів, півтора
0.25: a quarter of a, quarter of a
0.75: three quarters of a, three-quarters of a
1: a, an, un, uno, une, ein, eine, один
2: deux, dos, два, дві, zwei
3: trois, tres, три, drei
4: quatre, cuatro, чотири
5: cinq, cinco, п'ять, п’ять
6: seis, шість
7: sept, siete, сім, sieben
8: huit, ocho, вісім, acht
9: neuf, nueve, дев'ять, дев’ять, neun
10: dix, diez, десять, zehn
15: fifteen, quinze, quince, fünfzehn
20: twenty, vingt, veinte, двадцять, zwanzig
30: thirty, trente, treinta, тридцять, dreißig
40: forty, quarante, cuarenta, сорок, vierzig
50: fifty, cinquante, cincuenta, п'ятдесят, п’ятдесят, fünfzig
60: sixty
70: seventy
80: eighty
90: ninety
100: hundred, a hundred, one hundred, cent, cien, сто, hundert
200: two hundred, deux cents, doscientos, двісті, zweihundert
300: three hundred, trois cents, trescientos, триста, dreihundert
400: four hundred, чотириста, vierhundert
500: five hundred, cinq cents, quinientos, п'ятсот, п’ятсот, fünfhundert
600: six hundred
700: seven hundred
800: eight hundred
900: nine hundred
";

/// Scales behind a number.
pub(super) const SCALES: &str = "
1000: k, тис, тисяч, тисячі, thousand, tausend, mille, mil
1000000: million, millions, m, mn, mio, mln, млн, millionen, millón, millones, мільйон, мільйони, мільйонів, мільйона
1000000000: billion, billions, bn, b, mrd, md, млрд, milliard, milliarde, milliarden, milliards, mil millones, мільярд,
    мільярди, мільярдів, мільярда
10000: 万
100000000: 亿
1000000000000: 万亿, trillion, трлн
";

/// Units behind a number: a unit's number and the factor; none counts under number 0.
pub(super) const UNITS: &str = "
0 1: 年, year, years, 个月, month, months, 家, 名, jahre, jahren, ans, años, років, роки, рік, 岁
1 1: %, percent, per cent, prozent, pour cent, por ciento, відсоток, відсотка, відсотки, відсотків, pct, 个百分点
2 1: t, mt, tpa, tonne, tonnes, ton, tons, metric tons, metric tonnes, metric ton, tonnen, toneladas, 吨, 公吨, トン, тонн, тонни, тонна,
    тонну, т, short tons
2 1000: kt, ktpa, kilotonnes, 千吨
2 0.001: kg, kilogram, kilograms, kilos, 公斤, 千克, кг, kilogramm, kilogrammes
2 0.0004536: lb, lbs, pounds of, 磅
3 1: metre, metres, meter, meters, mètres, metros, 米, 公尺, メートル, метрів, м
3 1000: km, kilometre, kilometres, kilometer, kilometers, kilomètres, kilómetros, 公里, 千米, км, кілометрів
3 1609: mile, miles, 英里
3 0.3048: feet, ft, foot, 英尺
4 10000: ha, hectare, hectares, hektar, hectáreas, 公顷, га
4 4047: acre, acres, 英亩
4 1000000: km², square kilometres, square kilometers, 平方公里
";

/// Currencies with about what one is worth in dollars, by the words behind a sum.
pub(super) const CURRENCIES: &str = "
usd 1: us-dollar, dollar, dollars, us dollars, dólares, доларів, долари, долар, 美元, ドル, 米ドル, usd, $, дол, 美金
eur 1.12: euro, euros, eur, €, євро, 欧元
aud 0.66: aud, 澳元, australische dollar, australischen dollar, dollars australiens, dólares australianos, австралійських доларів
cad 0.73: cad, 加元, kanadische dollar, dollars canadiens, канадських доларів
gbp 1.3: pounds, sterling, 英镑, фунтів, gbp
cny 0.14: yuan, rmb, renminbi, 元, 人民币, юанів, юаня
jpy 0.0067: yen, 日元, 円, 日圆, ієн, єн
inr 0.0116: rupees, 卢比, рупій
krw 0.0007: won, 韩元, вон
vnd 0.00004: dong, 越南盾, 盾, донгів
kzt 0.002: tenge, 坚戈, тенге
uah 0.024: hryvnia, гривень, гривні, грн, 格里夫纳
brl 0.18: reais, 雷亚尔, реалів
chf 1.2: franken, francs
";

/// Currencies with about what one is worth in dollars, by the signs before a sum, the longest first.
pub(super) const SIGNS: &str = "
aud 0.66: A$, AU$, AUD
cad 0.73: C$, CA$, CAD, CDN$
usd 1: US$, USD
hkd 0.128: HK$
brl 0.18: R$
eur 1.12: €, EUR
gbp 1.3: £, GBP
cny 0.14: RMB, CNY, Yn, CN¥, 人民币
inr 0.0116: ₹, Rs
krw 0.0007: ₩
jpy 0.0067: ¥, JPY
usd 1: $
";

/// What stands before a figure that is rounded up.
pub(super) const BELOW: &str = "nearly, almost, just under, close to, just short of, up to, 近, 将近, 接近, майже, knapp, fast, beinahe, près de, presque, casi, cerca de";

/// What stands before a figure that is rounded down.
pub(super) const ABOVE: &str = "more than, over, above, at least, upwards of, well over, in excess of, just over, 超, 超过, 逾, 超逾, 至少, понад, більш ніж, більше, щонайменше, über, mehr als, gut, mindestens, plus de, au moins, más de, al menos";

/// What stands before a figure that is rounded either way.
pub(super) const ABOUT: &str = "about, around, roughly, approximately, approx, circa, some, or so, 约, 大约, 约为, 左右, близько, приблизно, rund, etwa, circa, ungefähr, environ, quelque, unos, alrededor de, cerca de";

/// Characters that foreign names are written in, by the consonants they stand for, as Chinese ears
/// tell them apart; those of vowels stand for none.
pub(super) const TRANSCRIBED: &str = "
-: 阿埃艾爱亚伊奥欧乌尤厄耶雅雨优约
p: 巴布贝比彼波伯博保鲍柏拜帕派佩皮坡珀普
pn: 邦宾本潘彭滨
t: 达德迪蒂杜多道戴代塔泰特提图托陶
tn: 丹登顿丁东坦腾廷通汤
k: 加盖戈格古基卡凯科克库奎考柯哥高
kn: 甘冈根贡坎肯康金昆
f: 法菲费弗夫福富瓦韦维沃威魏
fn: 芬丰万文温翁
m: 马玛迈梅米密莫穆默姆麦
mn: 曼门蒙明
n: 纳奈内尼诺努涅恩安昂因英
nn: 南宁农
l: 拉莱雷里利列鲁罗洛劳卢吕勒尔丽莉
ln: 兰伦林龙隆朗仑
s: 萨塞西希锡斯思苏索沙舍施什史谢夏休茨兹泽佐祖扎孜
sn: 桑森辛松申香逊
j: 贾杰吉乔朱茹日
jn: 詹珍琼
";
