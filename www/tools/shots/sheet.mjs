// The contact sheet: all pictures of a folder side by side, one folder after the other.

const STYLE = `
body { margin: 24px; background: #d8d4ca; color: #1d1a15; font: 15px/1.5 sans-serif }
nav a { margin-right: 14px; color: #0f4f3d }
h2 { margin: 36px 0 12px; font-size: 18px }
section { display: flex; flex-wrap: wrap; gap: 18px; align-items: flex-start }
figure { margin: 0 }
img { display: block; max-width: 360px; border: 1px solid #857a66 }
figcaption { font-size: 13px }
`

/** One page of HTML over files such as `zh/360x740/large/today.png`. */
export function sheet(files) {
  const folders = new Map()
  for (const file of files.sort()) {
    const parts = file.split('/')
    const name = parts.pop().replace(/\.png$/, '')
    const folder = parts.join('/')
    folders.set(folder, [...(folders.get(folder) ?? []), [name, file]])
  }
  const links = [...folders.keys()].map((folder) => `<a href="#${folder}">${folder}</a>`)
  const parts = [...folders].map(([folder, pictures]) => {
    const figures = pictures.map(([name, file]) =>
      `<figure><a href="${file}"><img src="${file}" alt="${name}" loading="lazy"></a><figcaption>${name}</figcaption></figure>`)
    return `<h2 id="${folder}">${folder}</h2><section>${figures.join('\n')}</section>`
  })
  return `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${STYLE}</style><nav>${links.join('\n')}</nav>${parts.join('\n')}`
}
