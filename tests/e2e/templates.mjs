// What is answered in each form that comes with Bianfang, and what it then says: the verdicts are those of
// endpoint/tests/it/templates.rs. In the order in which they are filled in, because some are offered by what others found.
const NONE = ['none']
const ILLNESS = '高血压'
const pressure = { disease: [ILLNESS], systolic: '139', diastolic: '90' }
/** Lists that the documents name and do not give: whoever fills one in says which list is meant. */
const unlisted = (file, about = 'village') => ({
  file: `unlisted-${file}.md`, about,
  give: { list: '县里2019年第3号文件', 'item/what#0': '第一项', 'item/done#0': 'no' },
  says: ['文件没有列出', '1项，1项没有做到。'],
})

/**
 * `about`: whom or what it is filled in for, as the story names them. `give`: a place, `item/what#0` in the first instance,
 * and its answer; a number chooses by position.
 */
export const TEMPLATES = [
  {
    // Asked on the page of a visit.
    file: 't01-six-checks.md', about: 'visit',
    give: { food: 'met', clothing: 'met', education: 'not_applicable', medical: 'unmet', housing: 'unchecked', water: 'unmet' },
    says: ['有2项不达标', '还有1项未核'],
  },
  {
    file: 't02-housing.md', about: 'household',
    give: {
      over_two: 'no', site: 'no', foundation: 'a', wall: 'a', beam: 'd', secondary: 'b', classes: ['建档立卡'], exemption: 'none',
    },
    says: ['D级：整栋危险', '建议：按程序认定危房改造对象。'],
  },
  {
    // Offered because the grade that was just found stands in the register.
    file: 't03-renovation-site.md', about: 'household',
    give: { water: 'yes', power: 'no', road: 'no', level: 'yes', moved: 'no', needs: ['windows', 'stove'] },
    says: ['三通一平还差2样。', '搬进去还差2样。'],
  },
  {
    file: 't04-water.md', about: 'household',
    give: { region: 'wet', source: 'central', litres: '６０', lab: 'pass', piped: 'no', minutes: '20', short_days: '0' },
    says: ['饮水基本安全'],
  },
  { file: 't05-education.md', about: 'child', give: { stage: 'primary', status: 'dropped_out' }, says: ['义务教育年龄没有在读'] },
  { file: 't06-health.md', about: 'person', give: { disease: [ILLNESS], insured: '未', level: 'none' }, says: ['没有参加医保。'] },
  { file: 't06-examination.md', about: 'person', give: { ...pressure, abnormal: 'no' }, says: ['血压没有控制住'] },
  { file: 't06-follow-up.md', about: 'person', give: { ...pressure, way: 'home', medicine: 'yes' }, says: ['血压没有控制住'] },
  { file: 't07-entitlements.md', about: 'household', give: { enjoyed: NONE, aware: 'no' }, says: ['请当面讲清楚每一项。'] },
  {
    file: 't08-industry-jobs.md', about: 'household', give: { labour: '2', working: '0', industry: 'no' },
    says: ['有劳力，没有一人干活。'],
  },
  {
    file: 't09-living-household.md', about: 'household',
    give: { toilet: 'yes', kitchen: 'yes', pen: 'no', green: 'no', beauty: 'yes', light: 'no' },
    says: ['三改三化做到3样。'],
  },
  {
    file: 't12-evidence.md', about: 'household', give: { doubt: 0, why: '收入刚过线，说不清来源', evidence: ['income', 'house'] },
    says: ['佐证齐了33%。'],
  },
  {
    file: 'income.md', about: 'household',
    give: {
      year: '2019', heads: '4', 'income/wage': '21000', 'income/business': '8600', 'income/rent': '800', 'income/low_income': '3400',
      'income/pension': '1380', 'income/ecology': '860', 'income/other_transfer': '600', cost: '3100',
    },
    says: ['全家纯收入33540元，4口人，人均8385元。'],
  },
  unlisted('19-awards', 'household'),
  unlisted('ten-ones', 'household'),
  unlisted('second-contract', 'person'),
  {
    file: 't14-resettlement.md', about: 'resettled', give: { living: 'yes', demolished: 'no', labour: '2', working: '0' },
    says: ['有劳力没活干，也没有产业'],
  },
  {
    file: 't09-living-village.md', about: 'village',
    give: { waste: 'yes', ponds: 'no', manure: 'yes', habits: 'no', at_home: 'yes', collected: 'no', carried: 'yes', treated: 'yes' },
    says: ['三清一改还差2样，清运还断1处。'],
  },
  {
    file: 't10-facilities.md', about: 'village', give: { infrastructure: ['power', 'fibre'], have: ['place'] },
    says: ['基础设施还差5样。', '四有还差3样。'],
  },
  {
    file: 't10-village-exit.md', about: 'village',
    give: { infrastructure: 'yes', services: 'yes', industry: 'yes', collective: 'yes', population: '1000', poor: '20' },
    says: ['达到退出标准：贫困发生率2%。'],
  },
  {
    file: 't13-self-check.md', about: 'village', give: { precise: NONE, kept: NONE, persist: NONE, why: '刚开始，下月底前补齐' },
    says: ['六个精准还差6样。', '四个不摘还差4样。', '六个坚持还差6样。'],
  },
  ...['11-mechanisms', '121-x', '39-indicators', 'eight-to-the-door', 'nine-clearances', 'six-disorders'].map((file) => unlisted(file)),
  ...['ten-looks-five-ises', 'ten-opinions'].map((file) => unlisted(file)),
  { file: 't11-care-home.md', about: 'care_home', give: { have: ['house', 'food'] }, says: ['八有还差6样。'] },
  {
    file: 't11-clinic.md', about: 'clinic', give: { rooms: NONE, equipment: '1', drugs: '1', boards: 'no' }, says: ['卫生室没有达标。'],
  },
  { file: 't11-school.md', about: 'school', give: { have: NONE }, says: ['还差4样。'] },
  { file: 't11-waterworks.md', about: 'waterworks', give: { order: NONE, zone: 'no' }, says: ['还差6样。', '没有划定保护区'] },
  { file: 't11-water-test.md', about: 'waterworks', give: { laboratory: '县疾控中心', result: 'fail' }, says: ['水质不合格'] },
  {
    file: 'yard-meeting.md', about: 'group',
    give: {
      group: '1组方家院子', attendees: '12', 'need/who#0': '方山永', 'need/what#0': '路灯', 'need/solved#0': 'no', 'need/add': '',
      'need/who#1': '罗大山', 'need/what#1': '垃圾桶', 'need/solved#1': 'yes',
    },
    says: ['2件诉求，1件没有当场解决'],
  },
]
