//! What an analyst types, and which of twenty stories in three languages must and must not answer it.

use monazite::query::{self, Kind};
use monazite::store::Changes;

use crate::search::{CHAT, NOW, shown, told};
use crate::world::home::{Home, at};

/// Name, source, day, topic, title, body.
type Told = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const STORIES: &[Told] = &[
    (
        "general",
        "reuters",
        "2026-11-22",
        "licensing",
        "China grants first general license for magnet exports",
        "JL MAG said on Sunday that the ministry granted it a general license. It covers magnets with dysprosium \
         and terbium for customers in Europe.",
    ),
    (
        "review",
        "cnmn",
        "2026-11-21",
        "licensing",
        "商务部：依法审批稀土出口许可",
        "商务部发言人表示，对合规的民用稀土出口申请予以批准。",
    ),
    (
        "taiwan",
        "udn",
        "2026-11-18",
        "licensing",
        "鏑鋱磁材仍需出口許可證",
        "業者表示，含鏑、鋱的永磁材料仍需許可證，歐洲客戶等待審批。",
    ),
    (
        "oxide",
        "smm",
        "2026-11-20",
        "pricing",
        "氧化镝价格上涨",
        "本周氧化镝报价上涨百分之二，氧化镨钕持平。",
    ),
    (
        "argus",
        "argus",
        "2026-11-19",
        "pricing",
        "Dysprosium oxide price climbs in Rotterdam",
        "Prices of dysprosium oxide rose 2% as licences stayed scarce.",
    ),
    (
        "lynas",
        "miningweekly",
        "2026-10-02",
        "mining",
        "Lynas restricts output at Mt Weld",
        "Lynas Rare Earths cut production of neodymium after a power failure in Western Australia.",
    ),
    (
        "kyiv",
        "ukrinform",
        "2026-11-17",
        "licensing",
        "Китай посилює експортний контроль щодо рідкісноземельних магнітів",
        "Виробники чекають на ліцензії вже три місяці. Ціни на неодим зросли.",
    ),
    (
        "solvay",
        "lesechos",
        "2026-10-15",
        "separation",
        "Solvay opens a rare-earth line in La Rochelle",
        "The French plant will separate oxides of neodymium and praseodymium.",
    ),
    (
        "ndfeb",
        "magnetnews",
        "2026-11-10",
        "magnets",
        "NdFeB makers warn of shortages",
        "Sintered magnets are short at carmakers in Germany.",
    ),
    (
        "orders",
        "smm",
        "2026-11-09",
        "magnets",
        "钕铁硼企业订单增加",
        "宁波韵升和金力永磁的订单增加，原材料供应短缺。",
    ),
    (
        "mp",
        "bloomberg",
        "2026-07-11",
        "finance",
        "MP Materials and the Pentagon agree on a price floor",
        "The contract sets a floor of $110 per kilogram for NdPr oxide.",
    ),
    (
        "iluka",
        "afr",
        "2026-09-30",
        "separation",
        "Iluka delays its Eneabba refinery",
        "The company blames costs. Its shares fell.",
    ),
    (
        "japan",
        "nikkei",
        "2026-08-20",
        "recycling",
        "Japan recycles more magnets",
        "Scrap and swarf yield neodymium and dysprosium.",
    ),
    (
        "samarium",
        "bloomberg",
        "2026-06-11",
        "licensing",
        "Beijing announces export curbs on samarium",
        "MOFCOM lists samarium cobalt. Exporters must apply for permits.",
    ),
    (
        "north",
        "cninfo",
        "2026-10-28",
        "finance",
        "北方稀土公布三季度业绩",
        "公司净利润增长，分离产能利用率提高。",
    ),
    (
        "talks",
        "xinhua",
        "2026-10-31",
        "geopolitics",
        "中美就稀土出口管制达成共识",
        "双方同意暂停关税一年。",
    ),
    (
        "vietnam",
        "vnexpress",
        "2026-11-05",
        "mining",
        "Vietnam bans exports of raw ore",
        "Miners must refine ore at home.",
    ),
    (
        "scandium",
        "epravda",
        "2026-11-12",
        "mining",
        "Київська компанія отримала ліцензію на видобуток скандію",
        "Родовище розташоване у Житомирській області.",
    ),
    (
        "quota",
        "scmp",
        "2026-11-03",
        "mining",
        "China sets its mining quota",
        "The quota for rare earths rises by five percent, the ministry said.",
    ),
    (
        "index",
        "miit",
        "2026-11-02",
        "mining",
        "稀土开采总量控制指标下达",
        "工业和信息化部下达开采、冶炼分离总量控制指标。",
    ),
];

/// A line, the stories that must be found, and those that must not. `*`: no others may be found.
const TABLE: &[(&str, &str, &str)] = &[
    // One word in every script and spelling.
    ("license", "general argus review taiwan kyiv scandium samarium", "lynas vietnam solvay"),
    ("licence", "general argus review taiwan kyiv scandium samarium", "lynas vietnam solvay"),
    ("licences", "general argus review taiwan kyiv", "lynas vietnam"),
    ("许可", "general argus review taiwan kyiv", "lynas vietnam"),
    ("許可", "general argus review taiwan kyiv", "lynas vietnam"),
    ("许可证", "general argus review taiwan kyiv", "lynas vietnam"),
    ("許可證", "general argus review taiwan kyiv", "lynas vietnam"),
    ("ліцензія", "kyiv scandium general taiwan", "lynas"),
    ("permits", "samarium general review", "lynas"),
    ("export license", "general taiwan review kyiv", "vietnam scandium argus"),
    ("出口许可证", "general taiwan review kyiv", "vietnam scandium argus"),
    ("出口许可", "general taiwan review kyiv", "vietnam scandium argus"),
    ("ліцензію на експорт", "general taiwan review kyiv", "vietnam scandium"),
    ("\"export license\"", "", "*"),
    ("\"general license\"", "general", "*"),
    ("magnet", "general ndfeb japan taiwan kyiv", "lynas vietnam"),
    ("magnets", "general ndfeb japan taiwan kyiv", "lynas vietnam"),
    ("磁体", "general ndfeb japan taiwan kyiv", "lynas vietnam"),
    ("永磁", "general taiwan orders", "lynas vietnam"),
    ("магніти", "kyiv general taiwan", "lynas"),
    ("rare earth", "solvay quota review talks kyiv index", "vietnam mp"),
    ("rare earths", "solvay quota review talks kyiv index", "vietnam mp"),
    ("rare-earth", "solvay quota review talks kyiv index", "vietnam mp"),
    ("稀土", "solvay quota review talks kyiv index", "vietnam mp"),
    ("рідкісноземельні", "solvay quota review talks kyiv index", "vietnam mp"),
    ("price", "argus mp oxide kyiv", "lynas"),
    ("价格", "argus mp oxide kyiv", "lynas"),
    ("報價", "argus mp oxide kyiv", "lynas"),
    ("ціна", "argus mp oxide kyiv", "lynas"),
    ("export controls", "talks kyiv samarium", "vietnam general"),
    ("出口管制", "talks kyiv samarium", "vietnam general"),
    ("експортного контролю", "talks kyiv samarium", "vietnam general"),
    ("shortage", "ndfeb orders", "lynas"),
    ("短缺", "ndfeb orders", "lynas"),
    ("tariffs", "talks", "*"),
    ("关税", "talks", "*"),
    ("quotas", "quota index", "*"),
    ("配额", "quota index", "*"),
    ("recycling", "japan", "*"),
    ("回收", "japan", "*"),
    ("mining quota", "quota index", "*"),
    ("开采指标", "quota index", "*"),
    ("export ban", "vietnam", "*"),
    ("出口禁令", "vietnam", "*"),
    ("稀土价格", "kyiv", "vietnam general"),
    // Companies as they are called, with and without what follows a name, and by ticker.
    ("JL Mag", "general orders", "*"),
    ("JL MAG Rare-Earth Co.", "general orders", "*"),
    ("JL MAG Rare-Earth Co., Ltd.", "general orders", "*"),
    ("JL MAG Corporation", "general orders", "*"),
    ("金力永磁", "general orders", "*"),
    ("金力永磁公司", "general orders", "*"),
    ("江西金力永磁科技股份有限公司", "general orders", "*"),
    ("300748", "general orders", "*"),
    ("300748.SZ", "general orders", "*"),
    ("Lynas Corp", "lynas", "*"),
    ("Lynas Rare Earths Ltd", "lynas", "*"),
    ("LYC", "lynas", "*"),
    ("ASX: LYC", "lynas", "*"),
    ("ASX:LYC", "lynas", "*"),
    ("Lynas's output", "lynas", "*"),
    ("MP Materials Corp.", "mp", "*"),
    ("NYSE: MP", "mp", "*"),
    ("北方稀土", "north", "*"),
    ("Northern Rare Earth results", "north", "*"),
    ("600111", "north", "*"),
    // Elements and products.
    ("dysprosium", "general taiwan oxide argus japan", "*"),
    ("镝", "general taiwan oxide argus japan", "*"),
    ("鏑", "general taiwan oxide argus japan", "*"),
    ("диспрозій", "general taiwan oxide argus japan", "*"),
    ("скандій", "scandium", "*"),
    ("NdFeB", "ndfeb orders", "*"),
    ("ndfeb magnets", "ndfeb orders", "*"),
    ("钕铁硼", "ndfeb orders", "*"),
    ("Dy-Tb", "general taiwan", "*"),
    ("NdPr oxide", "mp oxide", "*"),
    // Slips.
    ("dysprosum", "general taiwan oxide argus japan", "*"),
    ("Lynnas", "lynas", "*"),
    ("neodynium refinery", "", "lynas iluka"),
    ("MP Materals", "mp", "*"),
    // Places.
    ("Китай", "kyiv general quota", "vietnam"),
    ("France", "solvay", "*"),
    ("Франція", "solvay", "*"),
    ("Японія магніти", "japan", "*"),
    ("德国", "ndfeb", "*"),
    // Filters.
    ("source:reuters", "general", "*"),
    ("source:\"Reuters News\"", "general", "*"),
    ("source:mining", "lynas", "*"),
    ("source:ukr", "kyiv", "*"),
    ("source:Bloom", "mp samarium", "*"),
    ("since:7d", "general review taiwan oxide argus kyiv", "*"),
    ("since:2026-11 until:2026-11-05", "vietnam quota index", "*"),
    ("since:friday", "general review oxide", "*"),
    ("since:星期五", "general review oxide", "*"),
    ("since:yesterday", "general", "*"),
    ("since:oct until:oct", "lynas solvay north talks", "*"),
    ("since:october until:2026-10-15", "lynas solvay", "*"),
    ("since:2w source:smm", "oxide orders", "*"),
    ("dysprosium last week", "general taiwan oxide argus", "*"),
    ("dysprosium past 30 days", "general taiwan oxide argus", "*"),
    ("what happened to dysprosium this month?", "general taiwan oxide argus", "*"),
    ("本周镝", "general taiwan oxide argus", "*"),
    ("最近一周镝的价格", "oxide argus", "*"),
    ("topic:licensing Europe", "general taiwan", "*"),
    ("license news on dysprosium for Europe", "general taiwan", "*"),
    ("signal:tightening samarium OR scandium", "samarium scandium", "*"),
    ("dysprosium -price", "general taiwan japan", "*"),
    ("dysprosium -价格", "general taiwan japan", "*"),
    ("\"price floor\"", "mp", "*"),
    ("ore OR swarf", "vietnam japan", "*"),
    ("refineries delayed", "iluka", "*"),
    ("mt. weld", "lynas", "*"),
];

/// A home in which the stories are told.
fn home() -> (Home, Vec<(&'static str, String)>) {
    let home = Home::new();
    let mut ids = Vec::new();
    for (name, source, day, topic, title, body) in STORIES {
        let (article, story) = told(source, day, topic, title, body);
        ids.push((*name, story.id.0.clone()));
        let changes =
            Changes { articles: vec![article], stories: vec![story], ..Changes::default() };
        home.store.commit(changes).unwrap();
    }
    home.desk.search.catch_up().unwrap();
    (home, ids)
}

/// Names of the stories that a line finds, best first.
fn found(home: &Home, ids: &[(&'static str, String)], line: &str) -> Vec<&'static str> {
    let query = query::parse(line, &home.config.lexicon);
    let found = home.desk.search.find(&query, at(NOW), 0, 50).unwrap();
    let stories = found.hits.iter().filter(|hit| hit.kind == Kind::Story);
    stories.map(|hit| ids.iter().find(|(_, id)| *id == hit.id).unwrap().0).collect()
}

#[test]
fn every_line_finds_what_an_analyst_expects() {
    let (home, ids) = home();
    let mut wrong = String::new();
    for (line, must, never) in TABLE {
        let found = found(&home, &ids, line);
        let names = |list: &'static str| list.split_whitespace();
        let missing: Vec<&str> = names(must).filter(|name| !found.contains(name)).collect();
        let extra: Vec<&str> = match *never {
            "*" => found.iter().filter(|name| !names(must).any(|m| m == **name)).copied().collect(),
            never => names(never).filter(|name| found.contains(name)).collect(),
        };
        if !(missing.is_empty() && extra.is_empty()) {
            let query = query::parse(line, &home.config.lexicon);
            wrong.push_str(&format!("{line:?} as {query}: misses {missing:?}, has {extra:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} lines:\n{wrong}", wrong.lines().count(), TABLE.len());
}

#[test]
fn the_best_answer_stands_first() {
    let (home, ids) = home();
    for (line, first) in [
        ("dysprosium price", "argus oxide"),
        ("general license", "general"),
        ("license", "general review taiwan"),
        ("price", "argus oxide"),
        ("magnets", "general"),
        ("samarium", "samarium"),
        ("出口许可", "review taiwan"),
        ("export curbs", "samarium kyiv"),
        ("kind:story", "general"),
    ] {
        let found = found(&home, &ids, line);
        assert!(first.split(' ').any(|name| found.first() == Some(&name)), "{line}: {found:?}");
    }
}

#[test]
fn a_word_that_nobody_says_is_answered_with_one_that_is() {
    let (home, _) = home();
    for (line, offered) in [
        ("search lisense", "license"),
        ("search tariif", "tariff"),
        ("search dyspro", "dysprosium"),
        ("search lynas license", "Without license"),
        ("search samarium since:7d", "At any time"),
    ] {
        let answer = shown(&home.ask(CHAT, &format!("{line} kind:story"), false, NOW));
        assert!(answer.contains(&format!("[{offered} (")), "{line}:\n{answer}");
    }
}

#[test]
fn the_latest_of_something_is_asked_for_as_a_search_is() {
    let (home, _) = home();
    for (line, title) in [
        ("latest dysprosum", "Latest: dysprosium"),
        ("latest JL MAG Rare-Earth Co.", "Latest: JL MAG"),
        ("latest Lynas Corp", "Latest: Lynas"),
        ("latest 镝的新闻", "Latest: dysprosium"),
        ("latest cooking", "/search looks for words"),
    ] {
        let answer = shown(&home.ask(CHAT, line, false, NOW));
        assert!(answer.contains(title), "{line}:\n{answer}");
    }
}
