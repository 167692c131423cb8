// A form with a question of every kind, as a county might write it; as the tables of text that `form publish` reads.

/** Rows of a sheet, each an object by its columns, as a table of text. */
function sheet(name, rows) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const line = (cells) => `| | ${cells.join(' | ')} |`
  return [`| ${name} |`, line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('\n')
}

const ZH = 'label::中文 (zh)'
const EN = 'label::English (en)'
const ask = (type, name, zh, more = {}) => ({ type, name, [ZH]: zh, [EN]: `${name} in English`, ...more })
const choice = (list_name, name, zh) => ({ list_name, name, [ZH]: zh, [EN]: `choice ${name}` })

/** `rain`: how the question about rain is put; another wording is another version. */
export function countyForm({ version = '1', rain = '下雨漏不漏' } = {}) {
  const survey = [
    ask('integer', 'members', '几口人', { prefill: 'members' }),
    ask('text', 'remark', '先说一说', { prefill: 'last', appearance: 'multiline', 'hint::中文 (zh)': '最近有什么难处？', 'hint::English (en)': 'What is hard?' }),
    { type: 'begin group', name: 'house', [ZH]: '房屋', [EN]: 'House' },
    ask('select_one yes_no', 'rain', rain, { required: 'yes', appearance: 'horizontal' }),
    ask('integer', 'rooms', '几间房', {
      constraint: '. >= 1 and . <= 40', 'constraint_message::中文 (zh)': '应在1到40之间', 'constraint_message::English (en)': 'Between 1 and 40',
    }),
    ask('decimal', 'area', '住房面积（平方米）'),
    ask('range', 'state', '新旧打几分', { parameters: 'start=1 end=5 step=1' }),
    ask('range', 'age', '房子多少年了', { parameters: 'start=0 end=100 step=5' }),
    ask('select_one wall or_other', 'wall', '墙是什么做的'),
    ask('image', 'photo', '照片', { required: 'yes' }),
    { type: 'end group' },
    { type: 'begin group', name: 'water', [ZH]: '用水', [EN]: 'Water' },
    ask('select_one yes_no', 'enough', '水够吃不', { required: 'yes' }),
    ask('select_multiple wall', 'tanks', '哪些容器存水'),
    ask('rank yes_no', 'urgent', '先解决哪样'),
    ask('barcode', 'meter', '水表编号'),
    ask('geopoint', 'place', '取水点在哪里'),
    ask('note', 'carry', '水不够吃：请问清要去哪里挑。', { relevant: "${enough} = 'no'" }),
    { type: 'end group' },
    { type: 'begin repeat', name: 'plot', [ZH]: '地块', [EN]: 'Plot' },
    ask('text', 'crop', '种什么'),
    ask('integer', 'yield', '收几斤'),
    { type: 'end repeat' },
    ask('calculate', 'total', '', { [EN]: '', calculation: 'sum(${yield})' }),
    ask('note', 'sum', '一共收${total}斤。', { relevant: '${total} > 0' }),
    ask('date', 'on', '哪天去的'),
    ask('time', 'at', '几点去的'),
    ask('dateTime', 'when', '下次约在'),
    ask('image', 'sign', '户主签字', { appearance: 'signature' }),
    ask('acknowledge', 'read', '已念给户主听'),
  ]
  const choices = [
    choice('yes_no', 'yes', '是'), choice('yes_no', 'no', '否'),
    choice('wall', 'brick', '砖'), choice('wall', 'earth', '夯土'), choice('wall', 'wood', '木板、竹篾和旧料拼起来的'),
  ]
  const settings = [{ form_id: 'county', version, form_title: '房屋与用水', default_language: '中文 (zh)' }]
  return [sheet('survey', survey), sheet('choices', choices), sheet('settings', settings)].join('\n\n')
}
