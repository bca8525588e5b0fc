//! What happens, and to what, in the languages that news of the field comes in.
//!
//! Data only, read by `tables`: a line is a name and, behind a colon, the stems of the words that
//! mean it; `_` is a space, and at the end it makes a whole word of the stem. Longer lines go on indented. Nothing here knows a story.

/// What happens, and to what: English, Chinese, Ukrainian, German, French and Spanish, and here and
/// there Dutch and Afrikaans.
pub(super) const CONCEPTS: &str = "
grant: grant, approv, issue, issuing, cleared, clears, award, receiv, obtain, hand out, handed,
    hold, licensed, given, 批准, 获批, 获准, 颁发, 下发, 发放, 拿到, 取得, 批了, gekry, verleen, erteil, genehmigt,
    надал, отрима, erteilt, genehmig, схвали, видал, видач, approuv, octroi,
    aprob, otorg, conced, 放行
license: licens, licenc, permit, 许可, lisensie, lizenz, vergunning, ліценз, дозвол, permis, permiso,
    genehmigung, autoris, autoriz, 牌照
general: general licen, general export licen, simplified, “general, ‘general, 'general, 通用许可, 一般许可,
    简化, allgemeine genehm, allgemeine ausfuhr, загальн ліценз, загальні ліценз
temporary: temporar, limited time, for the time being, for a time, tydelik, befristet, тимчасов, 临时,
    暂时, 暂停, 为期, provisoire, vorläufig, vorübergeh
suspend: slip, slips, suspend, suspension, pause, paused, on hold, on ice, aside, freez, frozen, stop, delay,
    postpon, shelve, put back, 暂停, 中止, 暂缓, 推迟, aussetz, призупин, opgeskort, halt,
    зупин, ausgesetzt, pushed back, deferred, 延后, 推后, 搁置, 冻结, відклад, відклал, verschob,
    verzöger, gestoppt, retard, reporté, aplaz, retras
control: control, curb, restrict, 管制, 管控, 控制, 限制, kontroll, beperking, обмежен, обмежи, обмежит,
    контрол, contrôle, einschränk, beschränk, restric
ban: ban_, banned, bans_, barred, bars, prohibit, blacklist, entity list, outlaw, 禁止, 管控名单, 黑名单, verbied,
    verbot, verbiet, заборон, embargo, interdi, prohíb, prohib, veto, 禁令, 禁运, 不得
buy: acqui, takeover, take over, taking over, buy, buying, purchase, merge, bought, 收购, 并购, adquir,
    übernahme, übernehm, übernimmt, oorneem, придба, achèt, achat, compra,
    kauf, rachat, rachèt, купує, купува, купить, закуп, поглин, 要约, 采购, 购买, 收购案, 买下
invest: invest, stake, fund, financ, loan, lent, lend, 投资, 融资, 贷款, 入股, belê, інвест, fonds, fondo,
    kredit, darlehen, finanzier, prêt, кредит, фінанс, вклад, акціонер, shareholder, aktionär, 股东, 认购,
    préstamo, inver, milliardenhilf, 注资, 出资, 拨款, 资助, 补助金, виділ
offtake: offtake, supply agreement, supply deal, supply contract, off-take, 供货协议, 承购, 包销, 供货,
    abnahmevertrag, liefervertrag, постачання, contrat de fourni, contrat d'achat, suministro, 长协
profit: profit, earnings, net income, earned, revenue, sales, 净利, 盈利, 营收, 业绩, gewinn, прибут, 收入,
    виторг, дохід, доход, umsatz, bénéfice, chiffre d'affaires, ingresos, ganancia, turnover, ebitda,
    亏损, збит, verlust, pérdida, loss
plant: plant, factory, facilit, refinery, works, 工厂, 厂, 基地, fabriek, aanleg, fabrik, anlage, завод,
    usine, werk, 产线, підприємств, fábrica, refiner, raffiner, planta, 炼厂, 生产线, 车间, цех, campus,
    production line, atelier
mine: mine_, mines_, mining, miner_, miners_, deposit, 矿, myn, mijn, bergbau, bergwerk, шахт, родовищ, копальн, рудник,
    mineral deposit, gisement, lagerst, grube, надр, поклад, 矿床, 矿山, 矿场, mina_, minas, minera_, yacimiento,
    vorkommen
shipment: shipment, shipped, exports rose, exports fell, export volume, 出口量, 出货, verskeping, 出口额,
    exports from, magnet exports, exports of, вивіз, вивезл, ausfuhr, 海关, customs, митниц, митної, zollbeh,
    lieferung, douan, aduana
talks: summit, talks, meeting, met with, negotiat, 会谈, 会晤, 磋商, 谈判, 川习会, gesprek, gespräch, перегов,
    саміт, зустріч, gipfel, verhandl, sommet, 峰会, cumbre, négoci, negocia, 会议, зустрі, нарад
discover: discover, drill, resource estimate, 发现, 勘探, 探明, ontdek, hole, intersect, assay,
    found, find_, entdeck, découv, знайш, відкрит, поклад, 探获, виявил, виявлен, riesenfund, sondage,
    bohr, bohrung, свердлов, hallazgo, descubr, 钻探, 钻孔, 资源量, forage, розвідк
price: price, prices, cheaper, yuan per, per kg, 价格, 报价, 均价, pryse, preis, цін,
    prix, ціну, 保底价, dearer, 涨价, 提价, 调价, 下跌, 上涨, precio, дорожч, дешевш, teurer, billiger, assessed
recycle: recycl, scrap, 回收, 再生, reciclaj, recicla, altmagnet, schrott,
    переробк, вторинн, aufbereit, брухт, утиліз, 废料, 废旧, 循环利用, rebut
research: research, scientist, study, university, breakthrough, 研究, 科学家, forsk, forsch, дослід,
    forscher, chercheur, вчен, учен, chemist, engineers at, laborator, науков, хімік, університет, 大学, 团队,
    科研, étude, universi, estudio, wissenschaft, studie, journal, 论文, 期刊, статт
renew: renew, extend, extension, prolong, 续期, 延长, 延期, verleng, verläng, продовж, 展期, prórroga
refuse: refus, reject, turn down, turned down, denied, deny, denies, decline, dismiss, 否认, 拒绝, 驳回, afgewys,
    відмов, ablehn, abgelehnt, lehnt, rejet, rechaz, відхил, 不受理, 否决, blocked, blocks, verweiger
revoke: revok, withdraw, 吊销, 撤销, cancel, annul, відклик, скасув, widerruf, entzog, annull, 取消, anula
smuggle: smuggl, 走私, контрабанд, schmugg, contrebande, contrabando
tariff: duty, import tax, export tax, tariff, duties, 关税, tarief, zoll, zölle, мит_, мита, мито, dumping, anti-dump, antidump, countervail,
    тариф, 双反, 反倾销, droits de douane, arancel, aranceles, levy, levies, strafzölle, 税率
stockpile: stockpil, reserve, 储备, 收储, voorraad, reserwe, vorrat, запас, резерв, stocks stratég, stocka,
    lager_, lagerhalt, reserva, 库存
quota: quota, 配额, 指标, kwota, квот, kontingent, contingent, cuota, allotment, 总量控制,
    quoten
subsidy: subsid, incentive, price floor, 补贴, 奖励, 底价, tax credit, floor price, guaranteed price,
    субсид, förder, 保底, subvention, subvenc, beihilf, пільг, 税收抵免, 补助
carmaker: carmaker, automaker, car industry, auto industry, automotive, carmakers, 汽车, 车企,
    motormaker, motorreuse, autobauer, автовироб, constructeurs auto, automotriz, 车厂
magnet: magnet, 磁, iman_, imanes, imán,
    aimant, магніт
defense: defense, defence, military, weapon, munition, 军, 国防, verdedig, оборон, missile, fighter jet,
    pentagon, verteid, armée, пентагон, озброєн, rüstung, defensa, 武器, 导弹
shortage: shortage, scarc, squeeze, bottleneck, 短缺, 紧缺, tekort, knapp, дефіцит, нестач, pénurie, escasez,
    engpass, 断供, 吃紧, engpäss, брак_
supplier: supplier, 供应商, verskaffer, zulieferer, постачальн, fournisseur, proveedor, lieferant
truce: truce, agreement, accord_, accords_, pact_, pacts_, deal, framework, 协议, 休战, 共识, ooreenkoms, abkommen, угод,
    signs, signed, sign_, pacte, memorandum, 签署, 谅解备忘录, підписа, unterzeich, convenio, acuerdo,
    firma_, firmó, 签约, 签订, 签下, vereinbar, домовил, vertrag
announcement: announcement no, announcements, notice, 公告, 通告, 通知, bekanntmach
spokesman: spokes, press conference, told the press, 发言人, 发布会, 记者会, sprecher, речник, porte-parole
shares: shares, stocks, stock market, 股价, 股市, 涨停, aandele, aktie, shares fell, shares rose,
    stock_, акці, shareholders, 股份, börse, bourse, 收盘, 跌停, 市值, acciones, kurs_, котируван
rumor: rumor, rumour, 传闻, 网传, 谣言, чутк, gerücht, rumeur
list: ipo, listing, 上市, 挂牌, 招股, going public, goes public, went public,
    лістинг, börsengang, introduction en bourse, salida a bolsa
start: begins, began, begun, starts, started, first production, commissioned, commissioning, opens, opened, 投产, 开工, 启动, 开建,
    inaugur, starts up, started up, gestartet, запуст, відкри, lance, launch, eröffn, запрацю, запуск,
    ouvre, ouvert, démarr, relance, cuts ribbon, ribbon, 落成, 揭牌, 投运, 试产, 下线, beginnt, begann, nahm,
    in betrieb, arranc, розпоч, стартув, startet
accident: accident, explosion, explod, blast, blew, fire, flood, landslide, 事故, 爆炸, 洪水, gave way, collaps,
    вибух, пожеж, авар, unfall, brand_, leak, spill, 山崩, 塌方, 滑坡, 崩塌, 坍塌, 火灾, 泄漏, 溃坝, зсув, обвал,
    explos, incend, erdrutsch, einsturz, derrumbe, éboulement, неспр, катастроф
dead: dead_, deaths, death_, killed, died, bodies, buried, injur, missing, 死亡, 遇难, 丧生, 死, 身亡, 活埋, 失踪, 受伤,
    伤者, 遭埋, 遗体, загин, загибл, постражд, зникл, tote, todes, getötet, verletzt, morts, blessés, muert, heridos
court: court, lawsuit, sued, judge, 法院, 诉讼, verdict, plaintiff, appeal,
    tribunal, arbitrat, gericht, schied, суд_, суду, суд, арбітраж, 仲裁, 法庭, позов, klage, urteil, procès,
    juez, demanda, arbitra, 起诉, 判决, 裁决, 宣判, 审理, 上诉
prison: prison, jail, jails, sentenc, convict, years in, behind bars, 有期徒刑, 获刑, 判处, 被判, 入狱, увязн,
    ув'язн, ув’язн, вирок, haft, gefängnis, verurteil, cárcel, condamn
arrest: arrest, detain, police, raid, charged, prosecut, 逮捕, 拘留, 警方, 公安, 检察, заареш, затрим,
    festnahm, verhaft, polizei, staatsanwalt, поліці, прокур, policía
election: election, parliament, bill_, bills, senate, congress, 议会, 法案, 国会, parlement, парламент, рада_, ради_, сенат,
    bundestag, national assembly, asamblea, lawmakers, 立法, 修法, 参议院, 众议院, верховн
sea: seabed, sea floor, seafloor, deep sea, deep-sea, offshore, undersea, 海底, 深海, meeresgrund, meeresboden, tiefsee,
    fond marin, морськ, океан, ocean, vessel, ship_, ships, 探勘船, 钻探船, schiff, судн, 探查船, fondo marino,
    дна моря, drill ship, 海床
separate: separat, refin, process, smelt, 分离, 冶炼, 提炼, trenn, aufbereit, séparat, розділ, переробл, відокремл,
    афінаж, raffin, refina, 精炼, 加工, verarbeit, crack, leach, 浸出
oxide: oxid, oxyd, 氧化, оксид, óxido
metal: alloy, metalliz, 合金, сплав, legier, alliage, aleación
issue: placement, share sale, capital raising, rights issue, convertible, 配股, 增发, 可转换, розміщен, raises a$,
    raises $, capital increase, kapitalerhöhung, augmentation de capital, 定增, 募资, 配售, equity, ampliación de capital
tender: tender, auction, bidder, konkurs, 招标, 拍卖, тендер, конкурс, аукціон, ausschreib, appel d'offres,
    licitaci, subasta, 竞标, 中标, переможц
government: government, cabinet, treasury, 政府, 内阁, regierung, gouvernement, уряд, gobierno, кабмін, кабінет, 国务院
first: first time, first-ever, world first, 首次, 首例, 首见, erstmal, première, вперше, 全球首, primera vez, erste_
deep: metres deep, meters deep, depth, 深, tiefe, profondeur, глибин, km down, kilometres down, profundidad
protest: protest, resident, environment, pollut, 污染, 环保, 抗议, umwelt, довкілл, протест, contamina, anwohner,
    riverain, community, villag, toxic, 有毒, 居民, 村民, 环境, екологі, abwasser, wastewater, radioactiv, 放射
lawmaker: regulation, directive, act_, 条例, gesetz, закон, ley_, loi_, law_, decree, указ, erlass, décret, 法规, 法律,
    legislat, verordnung, постанов
explain: explained, explainer, primer, guide to, kinds of, types of, types de, differ_, difference, glossary,
    faq, q&a, 种形式, 种类型, 区别, 读懂, 问答, 指南, erklärt, überblick, пояснен, роз'яснен, роз’яснен
jobs: jobs, layoff, workers, 裁员, 就业, arbeitsplätze, робочих місц, hired, staff, 岗位, stellen_, emplois, empleos,
    lay off, робочі місця, працівник, 员工
output: output, produced, tonnes a year, tons a year, capacity, 产量, 年产, 产能, jahresproduktion, видобут, обсяг,
    production, виробнич, потужн, produktion, kapazität, tpa, tonnes annually, tonnes par an, tonnen im jahr,
    toneladas al, producción, capacité
outage: outage, power cut, blackout, electricity, power failure, power suppl, generator, grid, 停电, 断电, 电网, 限电,
    供电, знеструм, відключен, електро, stromausfall, strom_, netz_, panne, coupure, apagón, 停工
strike: strike, walkout, walked out, trade union, labor union, labour union, unions, 罢工, 工会, страйк, профспілк, streik, gewerkschaft, grève, syndicat,
    huelga, sindicato
boss: chief executive, ceo, chairman, steps down, step down, resign, appoint, retire, successor, names new,
    首席执行官, 董事长, 执行长, 总裁, 辞职, 卸任, 任命, 退休, 接任, 接班, 换帅, гендиректор, голова правлін, головою, очільн, призначен, звільн, подав у відставку,
    відставк, vorstandschef, chefin, nachfolg, rücktritt, ruhestand, tritt ab, patron, démission, nommé, pdg,
    dimit, nombra, director ejecutivo
vote: vote, voted, shareholders approve, referendum, 表决, 投票, 股东会, 股东大会, голосу, проголос, abstimm, gestimmt,
    vota, voté
joint: joint venture, joint company, consortium, partnership, teams up, team up, alliance, 合资, 合营, 联盟, 联手,
    财团, 合作, консорціум, спільн, альянс, gemeinschaftsunternehm, konsortium, partnerschaft, bündnis, allianz,
    coentreprise, partenariat, empresa conjunta, asociación, sociedad, alianza, consorci, partner
exit: pulls out, pull out, withdraws from, drops, abandon, closes, close down, closing, shut, mothball,
    退出, 放弃, 关闭, 停产, 终止, 取消, закрив, закритт, закриє, вийш, відмовил, schließ, aufgab, aufgegeben, stillleg,
    abandonne, ferme, cierra, cierre, renunc
fine: punish, 惩, 整改, fine_, fined, fines, penalt, sanction, 罚款, 处罚, 制裁, штраф, санкці, strafe, bußgeld, sanktion, amende,
    multa, sanción, sancion
tax: tax, royalt, 税, 资源税, податк, рент, steuer, abgabe, impôt, redevance, taxe, impuesto, regalía
joint purchase: joint purchas, joint buying, pool purchas, buy jointly, purchasing cent, 联合采购, 集中采购, спільні закуп,
    спільна закуп, einkauf, gemeinsam ein, achats groupés, compras conjuntas
trace: traceab, tracking, track_, 追溯, 溯源, rückverfolg, traçab, відстеж
estimate: estimate, mineral resource, resource estimate, tonnage, оцінк, оцінен, schätz, 估算, 资源量, 品位, estima, rohstoffmenge
import: import_, imports_, imported, importer, 进口, 输入, імпорт, einfuhr, importaci
feasibility: feasib, scoping, 可研, 可行性, machbarkeit, faisab, factibil, техніко-економ
banks: bank, mandate, lender, 银行, 贷方, банк, banque, banco, gläubig
cost: cost, capex, budget, overrun, 成本, 造价, 费用, вартіст, kosten, coût, coste, costo, 预算, бюджет
growth: doubl, tripl, record, jump, soar, surge, 翻倍, 增长, 大增, 创新高, зріс, зросл, подво, verdopp, rekord, steig, bond, hausse, aumento, récord
fall: fall, fell, drop, declin, slump, lowest, 下降, 下滑, 减少, 下调, 新低, знизи, впал, скорот, sink, gesunken, rückgang, baisse, recul, cae_, baja
hire: hires, hired, recruit, 聘请, 招聘, найма, stellt ein, recrut, contrat
patent: patent, intellectual property, 专利, патент, 知识产权, brevet
technology: technolog, know-how, 技术, технолог, tecnolog
war: war_, fighting, rebel, junta, militia, seiz, captur, troops, 战, 军政府, 民兵, 夺取, 占领, 攻占, 独立军, війн, бої,
    захоп, rebellen, kämpf, guerre, guerra, ejército
visit: visit, trip_, tour_, 访问, 到访, 考察, візит, besuch, reise, visite, visita
hearing: testif, hearing, testimony, 听证, слухан, anhörung, audition
audit: auditor, audit, watchdog, 审计, 审计署, аудит, rechnungshof, cour des comptes, prüfer
scheme: scheme, programme, initiative, plan_, strategy, 计划, 方案, 战略, план, стратег, programm, strategie,
    plan pour, estrategia
state fund: sovereign wealth, export credit, exim, development finance, dfc, 主权基金, 进出口银行, 国际开发金融,
    ексімбанк, суверенн
award: prize, award, medal, 奖, преміл, премі, preis für, prix_
test: pilot, trial, demonstrat, test_, tests, 试验, 中试, 示范, 试采, пілот, випробув, versuch, pilotanlage, essai, prueba
tailings: tailing, waste_, slag, fly ash, coal ash, 尾矿, 粉煤灰, 废渣, 赤泥, хвост, відход, abraum, rückstän, résidu, relave
protein: protein, bacteri, microb, enzym, 蛋白, 细菌, 微生物, білок, білк, бактері, eiweiß, bakteri, protéine, proteína
clay: clay, ionic, 离子型, 黏土, 粘土, глин, tonerde, argil, arcilla
battery: batter, anode, cathode, 电池, 负极, 正极, акумулятор, батаре, анод, катод, batterie, bater, electric vehic,
    电动汽车, електромоб, elektroauto
motor: electric motor, drive motor, e-motor, turbine, drone, robot, 电机, 风电, 机器人, 无人机, двигун, турбін, дрон, windkraft, moteur, éolien
chip: chip, semiconductor, 芯片, 半导体, чип, напівпровідник, halbleiter, semi-conduct, semicond, compound semic
railway: rail, port_, corridor, 铁路, 港, залізн, порт_, hafen, bahn, ferrovi, puerto
";

/// How far a matter has come: the concept it is about, and the words of its later stages. Looked
/// for in title and lead only, since the rest tells what came before and what may follow.
pub(super) const STAGES: &str = "
profit 0: forecasts, forecasts net, expects net profit, expects profit, sees profit, sees half-year,
    preliminary statement, profit forecast, profit warning, guidance, 业绩预告, 预增, 预减, 预亏, 预盈, 预计实现净利,
    预计净利, gewinnwarnung, прогноз прибут
profit 1: interim figures, interim report, interim results, half-year results, annual report,
    annual results, reported a, reports a, put out its figures, has put out, earned, posted, booked,
    半年报, 年报, 财报, 季报, 实现净利, 实现营收, quarterly report, beats estimates, misses estimates
buy 1: no objection, clears, clearance, antitrust, regulator has, regulators have, approves sale,
    approves takeover, approved the sale, approved the takeover, wins approval, won approval,
    receives approval, received approval, 监管批准, 通过审查, 条件批准, 批准收购, 无条件批准, antimonopol,
    антимонопол, kartellamt, kartellbehörd
buy 2: completed the acquisition, completes acquisition, completes purchase, completes takeover,
    completed its acquisition, completed the purchase, closes acquisition, 完成收购, 完成交割, 交割完成, abgeschlossen,
    завершила придбання, завершив придбання, takes effect, came into being
plant 1: opened its, opens its, opens first, opens europe, opens new, opens the, opens a, has opened, opened the,
    opened a, opened new, opens plant, opens factory, cuts ribbon, cut the ribbon, inaugurat, has begun production,
    begins production, starts production, started production, first production, now produces, has begun to make,
    starts up, started up, 正式投产, 投产, 竣工, 投运, 落成, 开业, eröffnet, eingeweiht, in betrieb genommen, запрацював,
    запрацювал, відкрила, відкрив, відкрито, відкрили, inaugur, a ouvert, lance sa production, relance
";

/// What tells that a stage is not reached yet, in the part of a sentence that names it.
pub(super) const PLANNED: &str = "
planned: will, is to, are to, due_, plan_, plans_, planned, planning, expect, aim, could, intend, propos, hope, agreed to, set to, wants to,
    预计, 计划, 拟, 将, 有望, 预料, 料将, 目标, soll, sollen, geplant, плану, має, очіку, повин, prévu, prévoit, doit,
    devrait, previsto, prevé, planea, next year, 明年, 后年, delay, slip, pushed, postpon, 推迟, 延迟, verschob, verzöger, retard, відклад
";
