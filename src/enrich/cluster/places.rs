//! Where and of what: countries, parts of countries, statesmen and materials, in the languages
//! that news of the field comes in.
//!
//! Data only, read by `tables`, with stems as in `events`. Nothing here knows a story.

/// Countries, blocs, states and provinces where the field is at work, and statesmen.
pub(super) const PLACES: &str = "
cn: 中国, china, chinese, beijing, 中方, 大陆, 北京, китай, pekin_, chino, chinoi,
    китаю, кнр, chine, pékin, peking, sjina, volksrepublik, prc_, pekín, пекін
us: 米国, アメリカ, トランプ政権, united states, u.s., u.s, american, washington, america, 美国, 华府, 美中, 中美, verenigde state, us_,
    noord-amerika, сша, 美政府, 对美, 在美, 美商, ee.uu, estados unidos, estadounid, américain,
    штат, вашингтон, états-unis, vereinigte staaten, usa, amerik, pentagon, white house, 五角大楼, білий дім, пентагон
eu: 欧州, european union, europe, brussels, eu_, eu's, eu-, 欧盟, 欧洲, 中欧, europ, євросоюз, єврокоміс,
    європ, єс_, брюссел, union européenne, brüssel, bruxelles, bruselas, 欧委会, ue_
jp: japan, tokyo, 日本, japon, japón, tokio,
    япон, токіо, 东京, 日方
in: インド, india, new delhi, 印度, neu-delhi, delhi,
    індії, індія, inde_, indien, 新德里, індій
au: オーストラリア, 豪, 豪州, australia, canberra, 澳大利亚, 澳洲, 堪培拉, канберр,
    австралі, australi, 澳国, 澳方, 澳政府, 澳商, 澳交所, 澳企
kr: korea, seoul, 韩国, seúl, corea,
    південна коре, південній коре, південнокоре, südkorea, corée, korean, сеул
kp: north korea, 朝鲜, nordkorea
my: マレーシア, malaysia, kuala lumpur, 马来西亚, malasia,
    малайзі, 大马, malaisie, 吉隆坡, 关丹, kuantan, gebeng
mm: ミャンマー, myanmar, kachin, 缅甸, 克钦, 缅北, birmania, качин,
    мʼянм, м’янм, м'янм, birma, burma, birman, 佤邦, wa state, shan state
vn: ベトナム, vietnam, 越南, hanoi, 河内, ханой, ханої,
    вʼєтнам, в’єтнам, в'єтнам, viêt
br: ブラジル, brazil, 巴西, brasil, brasília,
    бразил, brésil, minas gerais, goiás
gl: グリーンランド, greenland, 格陵兰, groenlandia, нуук,
    гренланд, grönland, groenland, nuuk
dk: denmark, danish, copenhagen, 丹麦, 哥本哈根, дані, dänem, danemark, dinamarca, kopenhag, копенгаг
ca: カナダ, canada, canadian, 加拿大, 渥太华, canadá, canadien, 多伦多, toronto, торонто, québec, quebec, 魁北克,
    канад, kanad, ottawa, saskatchewan, 萨斯喀彻温
de: ドイツ, germany, german, berlin, 德国, 德企, alemania, alemán,
    німеч, німец, deutsch, allemagne, allemand, 柏林, берлін
gb: britain, united kingdom, british, 英国, reino unido, royaume-uni, лондон, uk_, 英企,
    британ, britisch, großbritannien, london, 伦敦
fr: フランス, france, french, 法国, francia, francés, rochelle, 拉罗谢尔,
    франц, frankreich, französ, frankryk, paris, 巴黎, париж
ru: russia, 俄罗斯, rusia, 俄方,
    росі, russland, rusland, russie, moscow, 莫斯科, moskau, москв
ua: ウクライナ, ukrain, 乌克兰, ucrania,
    украї, київ, києв, kyiv, 基辅, kiew
sa: saudi, 沙特, arabie saoudite, arabia saud,
    саудів
kz: カザフスタン, kazakh, 哈萨克, kazaj,
    казах, kasach, 哈国, 阿斯塔纳, astana, астан
no: norway, norwegian, 挪威, noruega,
    норве, norweg, norvège
se: sweden, swedish, kiruna, 瑞典, suecia, 基律纳, кірун,
    швец, schwed, suède
ee: estonia, narva, 爱沙尼亚, estonien, нарв, 纳尔瓦,
    естон, estland, estonie
tw: taiwan, 台湾,
    тайван, taipei
th: thailand, thai_, 泰国, tailandia,
    таїланд
id: インドネシア, indonesia, 印尼, 印度尼西亚, indonesien, jakarta, 雅加达,
    індонез, indones, indonés
ph: philippin, 菲律宾, філіппін, filipin, manila
za: south africa, 南非, johannesburg,
    південн африк, південно-африк, південноафрик, südafrika, suid-afrika, afrique du sud, sudáfrica
ae: united arab emirates, uae, 阿联酋, emirates, abu dhabi, 阿布扎比
qa: qatar, 卡塔尔
pk: pakistan, 巴基斯坦,
    пакистан
cl: chile_, chilean, chile's, 智利, chilen, 圣地亚哥, atacama, chili_, santiago, 阿塔卡马,
    чилі
pe: peru_, peruvian, 秘鲁, перу
bo: bolivia, 玻利维亚, болів
ao: angola, 安哥拉, luanda, lobito,
    ангол
mw: malawi, 马拉维,
    малаві
tz: tanzania, 坦桑尼亚, 坦桑,
    танзан, tansania, tanzanie
ke: kenya, 肯尼亚, кені, kenia
ug: uganda, 乌干达, уганд, ouganda
bi: burundi, 布隆迪, бурунд
mn: mongolia, 蒙古国, ulaanbaatar, 乌兰巴托,
    монгол, mongol
cd: コンゴ, congo, 刚果, конго, kinshasa, 金沙萨, rdc_, drc_, kongo
kg: kyrgyz, 吉尔吉斯, киргиз, kirgis
uz: uzbek, 乌兹别克, узбек, usbek
mg: madagas, 马达加斯加, мадагас
na: namibia, 纳米比亚, намібі
la: laos, laotian, 老挝, лаос
tr: turkey, turkish, türkiye, 土耳其, турец, туреч, türkei, turqu, turquía
ir: iran, 伊朗, іран
nl: netherlands, dutch, 荷兰, нідерланд, niederl, pays-bas, países bajos
be: belgium, belgian, 比利时, бельгі, belgi
fi: finland, finnish, 芬兰, фінлянд, finnland
pl: poland, polish, 波兰, польщ, polen, pologne
cz: czech, 捷克, чехі, tschech
es: spain, spanish, 西班牙, іспані, spanien, espagne, españa
it: italy, italian, 意大利, італі, italien, italie
rs: serbia, 塞尔维亚, сербі, serbien
mx: mexic, 墨西哥, мексик, mexik, méxico
ar: argentin, 阿根廷, аргентин
zm: zambia, 赞比亚, замбі
ng: nigeria, 尼日利亚, нігері
rw: rwanda, 卢旺达, руанд, ruanda
gn: guinea, 几内亚, гвіне
g7: g7_, g-7, group of seven, 七国集团, велик сімк, великої сімк
texas: texas, 得州, 德州, 得克萨斯, техас, fort worth, 沃思堡
california: california, 加州, 加利福尼亚, каліфорні, kalifornien, californie
nevada: nevada, 内华达, невад
louisiana: louisiana, 路易斯安那, луїзіан, luisiana, louisiane
south carolina: south carolina, 南卡, південн каролін, південній каролін, caroline du sud, carolina del sur
north carolina: north carolina, 北卡, північн каролін
oklahoma: oklahoma, 俄克拉何马, 俄克拉荷马, оклахом
wyoming: wyoming, 怀俄明, вайомінг
utah: utah, 犹他, юта
georgia state: georgia's, 佐治亚
alaska: alaska, 阿拉斯加, аляск
arizona: arizona, 亚利桑那, арізон
idaho: idaho, 爱达荷, айдахо
montana: montana, 蒙大拿, монтан
colorado: colorado, 科罗拉多, колорад
virginia: virginia, 弗吉尼亚, вірджині
pennsylvania: pennsylvania, 宾夕法尼亚, 宾州, пенсильван, penn state
tennessee: tennessee, 田纳西, теннес
western australia: western australia, 西澳, західн австрал, західній австрал, westaustral, perth_, kalgoorlie, 卡尔古利,
    australie occidentale, калгурл
queensland: queensland, 昆士兰, квінсленд
northern territory: northern territory, 北领地, alice springs
new south wales: new south wales, 新南威尔士
inner mongolia: inner mongolia, baotou, bayan obo, 内蒙古, 包头, 白云鄂博, внутрішн монгол, баотоу, innere mongolei
sichuan: sichuan, 四川, сичуан
jiangxi: jiangxi, ganzhou, 江西, 赣州, цзянсі
hunan: hunan, 湖南, хунань
yunnan: yunnan, 云南, юньнань
guangxi: guangxi, 广西
fujian: fujian, xiamen, 福建, 厦门
jiangsu: jiangsu, 江苏
zhejiang: zhejiang, ningbo, 浙江, 宁波
guangdong: guangdong, shenzhen, 广东, 深圳
shandong: shandong, 山东
kirovohrad: kirovohrad, кіровоград, kirowohrad, 基洛沃格勒
karaganda: karaganda, караганд, 卡拉干达
trump: trump, 特朗普, 川普, 川习, трамп
xi: xi jinping, xi's, 习近平, 川习, сі цзіньпін
putin: putin, 普京, путін
zelensky: zelensk, selensk, 泽连斯基, зеленськ
modi: modi, 莫迪
albanese: albanese, 阿尔巴尼斯, альбанез
takaichi: takaichi, 高市, такаїч
von der leyen: von der leyen, 冯德莱恩, фон дер ляєн
sefcovic: sefcovic, šefčovič, 谢夫乔维奇, шефчович
bessent: bessent, 贝森特, бессент
lutnick: lutnick, 卢特尼克, латнік
rubio: rubio, 鲁比奥, рубіо
greer: greer, 格里尔
wang wentao: wang wentao, 王文涛
wang yi: wang yi_, 王毅
he yadong: he yadong, 何亚东
he yongqian: he yongqian, 何咏前
musk: musk, 马斯克
";

/// Materials beside the rare earths that the lexicon knows.
pub(super) const MATERIALS: &str = "
Ga: gallium, 镓, галі, galio
Ge: germanium, 锗, германі, germanio
Sb: antimon, 锑, сурм, сурьм, antimoine
Li: lithium, 锂, літі, litio
W: tungsten, wolfram, 钨, вольфрам, tungstène, volframi
graphite: graphit, 石墨, графіт, grafito, anode material, 阳极材料, 负极材料
Co: cobalt, kobalt, 钴, кобальт, cobalto
Ni: nickel, 镍, нікел, níquel
Cu: copper, kupfer, cuivre, 铜, мідь, міді, мідн, cobre
Ti: titan, 钛, титан
U: uran, 铀, уран
In: indium, 铟, indio_
Bi: bismut, 铋, вісмут
Te: tellur, 碲, телур
Mo: molybd, 钼, молібд
Mn: mangan, 锰, марган
Nb: niob, 铌, ніобі
Ta: tantal, 钽, тантал
Mg: magnesium, 镁, магній, магнію, magnesio
Be: beryll, 铍, берилі
Zr: zircon, 锆, циркон
Pt: platin, palladium, 铂, 钯, платин
Re: rhenium, 铼, реній
V: vanadi, 钒, ванаді
Ag: silver, silber, 白银, срібл
Sn: tin_, 锡, zinn, олов
";
