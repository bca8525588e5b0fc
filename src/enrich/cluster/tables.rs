//! The words by which one event is told from another: concepts, places, stages, numbers.
//!
//! Data only. A line is a name and, behind a colon, the stems of the words that mean it; `_` is a
//! space. Longer lines go on indented. Nothing here knows a story.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::text;

/// A table read: its names, and every stem that means one of them.
pub(super) struct Stems {
    search: AhoCorasick,
    /// For each stem of `search` the names it stands for, as places in `names`.
    owners: Vec<Vec<usize>>,
    /// The names.
    pub(super) names: Vec<&'static str>,
}

impl Stems {
    fn of(table: &'static str) -> Self {
        let (mut names, mut stems, mut owners) = (Vec::new(), Vec::new(), Vec::new());
        let mut places: HashMap<String, usize> = HashMap::new();
        for (name, stem) in pairs(table) {
            if names.last() != Some(&name) {
                names.push(name);
            }
            let stem = stem.replace('_', " ");
            let place = *places.entry(stem.clone()).or_insert_with(|| {
                stems.push(stem);
                owners.push(Vec::new());
                stems.len() - 1
            });
            owners[place].push(names.len() - 1);
        }
        let search = AhoCorasick::new(&stems).expect("a constant table of short words");
        Self { search, owners, names }
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
            let inside = |c: char| c.is_alphanumeric() && !text::is_han(c);
            !lower[..start].ends_with(inside) || lower[start..].starts_with(text::is_han)
        };
        self.search
            .find_overlapping_iter(lower)
            .filter(move |found| counts(found.start()))
            .map(|found| &self.owners[found.pattern().as_usize()])
    }
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

/// `CONCEPTS`, read.
pub(super) static CONCEPT_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(CONCEPTS));
/// `STAGES`, read.
pub(super) static STAGE_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(STAGES));
/// `PLACES`, read.
pub(super) static PLACE_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(PLACES));
/// `MATERIALS`, read.
pub(super) static MATERIAL_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(MATERIALS));
/// `COUNTED`, read.
pub(super) static COUNTED_STEMS: LazyLock<Stems> = LazyLock::new(|| Stems::of(COUNTED));

/// Common words of English that say nothing of an event.
pub(super) const STOP: &str = "
the and for that with from have has had this will were was are its their they been which would could
more than said says after also into over about other such some when while where what year years
month company companies rare earth earths china chinese export exports news according reported
report first country most under only between through against being because last week still
";

/// What happens, and to what: English and Chinese, and where the stems are known German, Dutch,
/// Afrikaans and Ukrainian.
const CONCEPTS: &str = "
grant: grant, approv, issue, issuing, cleared, clears, award, receiv, obtain, hand out, handed,
    hold, licensed, given, 批准, 获批, 获准, 颁发, 下发, 发放, 拿到, 取得, 批了, gekry, verleen, erteil, genehmigt,
    надал, отрима,
    erteilt, genehmig, схвали, видал
license: licens, licenc, permit, 许可, lisensie, lizenz, vergunning, ліценз, дозвол
general: general licen, general export licen, simplified, “general, ‘general, 'general, 通用许可, 一般许可,
    简化
temporary: temporar, limited time, for the time being, for a time, tydelik, befristet, тимчасов, 临时,
    暂时, 暂停, 为期
suspend: suspend, suspension, pause, paused, on hold, on ice, aside, freez, frozen, stop, delay,
    postpon, shelve, put back, 暂停, 中止, 暂缓, 推迟, aussetz, призупин, opgeskort,
    зупин, ausgesetzt, suspend
control: control, curb, restrict, 管制, 管控, 控制, 限制, kontroll, beperking, обмежен,
    контрол, contrôle
ban: ban, banned, bans, barred, bars, prohibit, blacklist, entity list, 禁止, 管控名单, 黑名单, verbied,
    verbot, заборон,
    заборон, embargo
buy: acqui, takeover, take over, taking over, buy, buying, purchase, merge, bought, 收购, 并购,
    übernahme, oorneem, придба,
    kauf, rachat, rachèt, купує, купить, поглин, 要约
invest: invest, stake, fund, financ, loan, lent, lend, 投资, 融资, 贷款, 入股, belê, інвест,
    kredit, darlehen, finanzier, prêt, кредит, фінанс, вклад, акціонер, shareholder, aktionär, 股东, 认购, 贷款
offtake: offtake, supply agreement, supply deal, supply contract, 供货协议, 承购
profit: profit, earnings, net income, earned, revenue, sales, 净利, 盈利, 营收, 业绩, gewinn, прибут
plant: plant, factory, facilit, refinery, works, 工厂, 厂, 基地, fabriek, aanleg, fabrik, anlage, завод,
    usine, werk, завод, 产线
mine: mine, mines, mining, deposit, 矿, myn, mijn, bergbau, шахт, родовищ,
    mineral deposit, gisement, lagerst, grube, надр, поклад, 矿床, 矿山
shipment: shipment, shipped, exports rose, exports fell, export volume, 出口量, 出货, verskeping
talks: summit, talks, meeting, met with, negotiat, 会谈, 会晤, 磋商, 谈判, 川习会, gesprek, gespräch, перегов,
    саміт, зустріч, gipfel, verhandl, sommet, 峰会
discover: discover, drill, resource estimate, 发现, 勘探, 探明, ontdek,
    found, find_, entdeck, découv, знайш, відкрит, поклад, 探获
price: price, prices, cheaper, yuan per, per kg, 价格, 报价, 均价, pryse, preis, цін,
    prix, ціну, 保底价
recycle: recycl, scrap, 回收, 再生,
    переробк, вторинн, recycl, aufbereit
research: research, scientist, study, university, breakthrough, 研究, 科学家, forsk, forsch, дослід,
    forscher, chercheur, вчен, учен
renew: renew, extend, extension, prolong, 续期, 延长, 延期, verleng, verläng, продовж
refuse: refus, reject, turn down, turned down, denied, deny, denies, 否认, 拒绝, 驳回, afgewys, відмов
revoke: revok, withdraw, 吊销, 撤销
smuggle: smuggl, 走私
tariff: tariff, duties, 关税, tarief, zoll, zölle, мит,
    тариф
stockpile: stockpil, reserve, 储备, 收储, voorraad, reserwe, vorrat, запас
quota: quota, 配额, 指标, kwota, квот,
    quoten
subsidy: subsid, incentive, price floor, 补贴, 奖励, 底价,
    субсид, förder, 保底
carmaker: carmaker, automaker, car industry, auto industry, automotive, carmakers, 汽车, 车企,
    motormaker, motorreuse, autobauer, автовироб
magnet: magnet, 磁,
    aimant, магніт
defense: defense, defence, military, weapon, munition, 军, 国防, verdedig, оборон,
    pentagon, verteid, defence, 国防, armée, пентагон, озброєн
shortage: shortage, scarc, squeeze, bottleneck, 短缺, 紧缺, tekort, knapp, дефіцит, нестач
supplier: supplier, 供应商, verskaffer, zulieferer, постачальн
truce: truce, agreement, accord, pact, deal, framework, 协议, 休战, 共识, ooreenkoms, abkommen, угод,
    signs, signed, sign_, pacte, memorandum, 签署, 谅解备忘录, підписа, unterzeich, accord
announcement: announcement no, announcements, notice, 公告, 通告
spokesman: spokes, press conference, told the press, 发言人, 发布会, 记者会
shares: shares, stocks, stock market, 股价, 股市, 涨停, aandele, aktie,
    stock_, акці, shareholders, 股份
rumor: rumor, rumour, 传闻, 网传, 谣言
list: ipo, listing, 上市,
    лістинг, börsengang
start: begins, began, starts, started, first production, commission, opens, opened, 投产, 开工, 启动, 开建,
    inaugur, starts up, started up, gestartet, запуст, відкри, lance, launch
accident: accident, explosion, fire, flood, landslide, 事故, 爆炸, 洪水,
    вибух, пожеж, авар, unfall, brand_, leak, spill, strike
court: court, lawsuit, sued, judge, 法院, 诉讼,
    tribunal, arbitrat, gericht, schied, суд_, суду, арбітраж, 仲裁, 法庭
election: election, parliament, bill, senate, congress, 议会, 法案, 国会
sea: seabed, sea floor, seafloor, deep sea, deep-sea, offshore, undersea, 海底, 深海, meeresgrund, meeresboden, tiefsee,
    fond marin, морськ, океан, ocean, vessel, ship, 探勘船, 钻探船, schiff, судн
separate: separat, refin, process, smelt, 分离, 冶炼, 提炼, trenn, aufbereit, séparat, розділен, переробл
oxide: oxid, oxyd, 氧化, оксид
metal: alloy, metalliz, 合金, сплав, legier
issue: placement, share sale, capital raising, rights issue, convertible, 配股, 增发, 可转换, розміщен
tender: tender, auction, bidder, konkurs, 招标, 拍卖, тендер, конкурс, аукціон
government: government, cabinet, treasury, 政府, 内阁, regierung, gouvernement, уряд
first: first time, first-ever, world first, 首次, 首例, 首见, erstmal, première, вперше, 全球首
deep: metres deep, meters deep, depth, 深, tiefe, profondeur, глибин
protest: protest, resident, environment, pollut, 污染, 环保, 抗议, umwelt, довкілл, протест
lawmaker: regulation, directive, act_, 条例, gesetz, закон
explain: explained, explainer, primer, guide to, kinds of, types of, differ_, difference, glossary,
    faq, q&a, 种形式, 种类型, 区别, 读懂, 问答, 指南, erklärt, überblick, пояснен, роз'яснен, роз’яснен
jobs: jobs, layoff, workers, 裁员, 就业, arbeitsplätze, робочих місц
output: output, produced, tonnes a year, tons a year, capacity, 产量, 年产, 产能, jahresproduktion, видобут, обсяг
";

/// How far a matter has come: the concept it is about, and the words of its later stages. Looked
/// for in title and lead only, since the rest tells what came before and what may follow.
const STAGES: &str = "
profit 1: interim figures, interim report, interim results, half-year results, annual report,
    annual results, reported a, reports a, put out its figures, has put out, earned, posted, booked,
    半年报, 年报, 财报, 实现净利, 实现营收
buy 1: no objection, clears, clearance, antitrust, regulator has, regulators have, approves sale,
    approves takeover, approved the sale, approved the takeover, wins approval, won approval,
    receives approval, received approval, 监管批准, 通过审查
buy 2: completed the acquisition, completes acquisition, completes purchase,
    completed its acquisition, completed the purchase, closes acquisition, 完成收购, 完成交割
plant 1: opened its, opens its, opens first, inaugurat, has begun production, begins production,
    starts production, started production, first production, now produces, 正式投产, 投产, 竣工
";

/// Countries, blocs and statesmen.
const PLACES: &str = "
cn: china, chinese, beijing, 中国, 中方, 大陆, 北京, chinese, china, китай,
    китаю, кнр, chine, pékin, peking, sjina, volksrepublik
us: united states, u.s., u.s, american, washington, america, 美国, 华府, 美中, 中美, verenigde state,
    noord-amerika, сша,
    штат, вашингтон, états-unis, vereinigte staaten, usa, amerik, pentagon, white house, 五角大楼, білий дім, пентагон
eu: european union, europe, brussels, eu_, eu's, 欧盟, 欧洲, 中欧, europ, євросоюз,
    європ, єс_, брюссел, union européenne
jp: japan, tokyo, 日本,
    япон, токіо, japon, 东京, 日方
in: india, new delhi, 印度,
    індії, індія, inde_, indien, 新德里
au: australia, canberra, 澳大利亚, 澳洲,
    австралі, australi, 澳国, 澳方
kr: korea, seoul, 韩国,
    південна коре, південній коре, südkorea, corée, korean
my: malaysia, kuala lumpur, 马来西亚,
    малайзі, 大马, malaisie
mm: myanmar, kachin, 缅甸,
    мʼянм, м’янм, м'янм, birma, burma
vn: vietnam, 越南,
    вʼєтнам, в’єтнам, в'єтнам
br: brazil, 巴西,
    бразил, brasil, brésil
gl: greenland, 格陵兰,
    гренланд, grönland, groenland, nuuk
ca: canada, canadian, 加拿大,
    канад, kanad, ottawa
de: germany, german, berlin, 德国,
    німеч, deutsch, allemagne, 柏林
gb: britain, united kingdom, british, 英国,
    британ, britisch, großbritannien, london, 伦敦
fr: france, french, 法国,
    франц, frankreich, französ, frankryk, paris, 巴黎
ru: russia, 俄罗斯,
    росі, russland, rusland, russie, moscow, 莫斯科
ua: ukrain, 乌克兰,
    украї, київ, києв, kyiv, 基辅
sa: saudi, 沙特,
    саудів
kz: kazakh, 哈萨克,
    казах, kasach, 哈国, 阿斯塔纳, astana, астан
no: norway, norwegian, 挪威,
    норве, norweg, norvège
se: sweden, swedish, kiruna, 瑞典,
    швец, schwed, suède
ee: estonia, narva, 爱沙尼亚,
    естон, estland
tw: taiwan, 台湾,
    тайван, taipei
th: thailand, thai, 泰国,
    таїланд
id: indonesia, 印尼, 印度尼西亚,
    індонез, indones
za: south africa, 南非,
    південн африк, південно-африк, südafrika, suid-afrika, afrique du sud
ae: united arab emirates, uae, 阿联酋
pk: pakistan, 巴基斯坦,
    пакистан
cl: chile, 智利,
    чилі
ao: angola, 安哥拉,
    ангол
mw: malawi, 马拉维,
    малаві
tz: tanzania, 坦桑尼亚,
    танзан, tansania
mn: mongolia, 蒙古国,
    монгол, mongol
cd: congo, 刚果, конго
kg: kyrgyz, 吉尔吉斯, киргиз
uz: uzbek, 乌兹别克, узбек
mg: madagas, 马达加斯加, мадагас
na: namibia, 纳米比亚, намібі
la: laos, laotian, 老挝, лаос
tr: turkey, turkish, türkiye, 土耳其, турец
ir: iran, 伊朗, іран
nl: netherlands, dutch, 荷兰, нідерланд, niederl
fi: finland, finnish, 芬兰, фінлянд, finnland
pl: poland, polish, 波兰, польщ, polen
mx: mexic, 墨西哥, мексик, mexik
ar: argentin, 阿根廷, аргентин
zm: zambia, 赞比亚, замбі
ng: nigeria, 尼日利亚, нігері
trump: trump, 特朗普, 川普, 川习, трамп
xi: xi jinping, xi's, 习近平, 川习, сі цзіньпін
modi: modi, 莫迪
takaichi: takaichi, 高市
von der leyen: von der leyen, 冯德莱恩
sefcovic: sefcovic, šefčovič, 谢夫乔维奇
bessent: bessent, 贝森特
lutnick: lutnick, 卢特尼克
wang wentao: wang wentao, 王文涛
he yadong: he yadong, 何亚东
he yongqian: he yongqian, 何咏前
musk: musk, 马斯克
";

/// Materials beside the rare earths that the lexicon knows.
const MATERIALS: &str = "
Ga: gallium, 镓, галі
Ge: germanium, 锗, герман
Sb: antimon, 锑, сурм, сурьм
Li: lithium, 锂, літі
W: tungsten, wolfram, 钨, вольфрам
graphite: graphit, 石墨, графіт
Co: cobalt, kobalt, 钴, кобальт
Ni: nickel, 镍, нікел
Cu: copper, kupfer, cuivre, 铜, мід
Ti: titan, 钛, титан
U: uran, 铀, уран
In: indium, 铟
Bi: bismut, 铋, вісмут
Te: tellur, 碲, телур
Mo: molybd, 钼, молібд
Mn: mangan, 锰, марган
Nb: niob, 铌, ніобі
Ta: tantal, 钽, тантал
Mg: magnesium, 镁, магні
Be: beryll, 铍, берилі
Zr: zircon, 锆, циркон
Pt: platin, palladium, 铂, 钯, платин
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
buyers who hand make permits firms 出口 稀土 许可 管制 公司 土出 企业 申请 相关 中国 license grant magnet control cn
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
spokesman price profit us eu separate output metal oxide government first deep discover defense
shares list tariff court research jobs
";
