// What IndexedDB and other tabs do to a store, and what the person is told.
import assert from 'node:assert/strict'

/** Makes a store in the worker and saves `entries` values of 10 bytes under `prefix`. */
const save = (worker, prefix, { name = 'records', steal = false, strict = true, entries = 2, size = 10 } = {}) =>
  worker.run(
    async (core, kept, prefix, name, steal, strict, entries, size) => {
      kept[name] ??= new core.TrialStore(name, steal)
      await kept[name].save(prefix, entries, size, strict)
    },
    prefix,
    name,
    steal,
    strict,
    entries,
    size,
  )

const list = (worker, prefix, name = 'records') =>
  worker.run(
    async (core, kept, prefix, name) => {
      kept[name] ??= new core.TrialStore(name, false)
      return kept[name].list(prefix)
    },
    prefix,
    name,
  )

/** What went wrong beside what was asked of the store. */
const trouble = (worker) => worker.run((_core, kept) => kept.records.trouble())

const fresh = (test) => async (world) => {
  const room = await world.fresh()
  await test(await room.tab.worker(), room, world)
  await room.close()
}

/** In the worker: notes every database that is opened from here on in `kept.opened`. */
const watchOpening = (worker) =>
  worker.run((_core, kept) => {
    kept.opened = []
    const open = IDBFactory.prototype.open
    IDBFactory.prototype.open = function (...args) {
      const request = open.apply(this, args)
      request.addEventListener('success', () => kept.opened.push(request.result))
      return request
    }
  })

/** In the worker: changes a database by hand at its next version. */
const byHand = (worker, name, stores) =>
  worker.run(
    async (_core, _kept, name, stores) => {
      const opened = (request) =>
        new Promise((resolve, reject) => {
          request.onsuccess = () => resolve(request.result)
          request.onerror = () => reject(request.error)
        })
      const before = await opened(indexedDB.open(name))
      const version = before.version
      before.close()
      const request = indexedDB.open(name, version + 1)
      request.onupgradeneeded = () => {
        for (const store of stores) request.result.createObjectStore(store)
      }
      const after = await opened(request)
      const state = [after.version, Array.from(after.objectStoreNames)]
      after.close()
      return state
    },
    name,
    stores,
  )

export const tests = {
  'store: what was saved is there in the next worker': fresh(async (worker, { tab }) => {
    await save(worker, 'a')
    await worker.stop()
    assert.deepEqual(await list(await tab.worker(), ''), ['a/0=10', 'a/1=10'])
  }),

  'store: strict is asked for what was saved, relaxed for drafts': fresh(async (worker) => {
    await worker.run((_core, kept) => {
      kept.asked = []
      const begin = IDBDatabase.prototype.transaction
      IDBDatabase.prototype.transaction = function (stores, mode, options) {
        const transaction = begin.call(this, stores, mode, options)
        if (mode === 'readwrite' && stores.length > 1) kept.asked.push(transaction.durability)
        return transaction
      }
    })
    await save(worker, 'a', { strict: true })
    await save(worker, 'b', { strict: false })
    assert.deepEqual(await worker.run((_core, kept) => kept.asked), ['strict', 'relaxed'])
  }),

  'store: a save goes on without the byte that says so, and that is told once': fresh(async (worker) => {
    await save(worker, 'a')
    assert.equal(await trouble(worker), undefined)
    await worker.run((_core, kept) => {
      kept.write = FileSystemSyncAccessHandle.prototype.write
      FileSystemSyncAccessHandle.prototype.write = () => {
        throw new DOMException('', 'QuotaExceededError')
      }
    })
    await save(worker, 'b')
    await save(worker, 'c')
    assert.equal(await trouble(worker), 'store_unmarked')
    await save(worker, 'd')
    assert.equal(await trouble(worker), undefined)
    await worker.run((_core, kept) => (FileSystemSyncAccessHandle.prototype.write = kept.write) && undefined)
    const all = ['a', 'b', 'c', 'd'].flatMap((prefix) => [`${prefix}/0=10`, `${prefix}/1=10`])
    assert.deepEqual(await list(worker, ''), all)
  }),

  'store: a closed connection is opened again': fresh(async (worker) => {
    await watchOpening(worker)
    await save(worker, 'a')
    await worker.run((_core, kept) => kept.opened[0].close())
    await save(worker, 'b')
    assert.deepEqual(await list(worker, ''), ['a/0=10', 'a/1=10', 'b/0=10', 'b/1=10'])
    assert.equal(await worker.run((_core, kept) => kept.opened.length), 2)
  }),

  'store: a connection that the browser closed is opened again': fresh(async (worker) => {
    await watchOpening(worker)
    await save(worker, 'a')
    await worker.run((_core, kept) => {
      kept.opened[0].close()
      kept.opened[0].dispatchEvent(new Event('close'))
    })
    assert.deepEqual(await list(worker, ''), ['a/0=10', 'a/1=10'])
    assert.equal(await worker.run((_core, kept) => kept.opened.length), 2)
  }),

  'store: a transaction that is aborted under way is repeated': fresh(async (worker) => {
    await save(worker, 'a')
    await worker.run(() => {
      const put = IDBObjectStore.prototype.put
      IDBObjectStore.prototype.put = function (...args) {
        IDBObjectStore.prototype.put = put
        const request = put.apply(this, args)
        queueMicrotask(() => this.transaction.abort())
        return request
      }
    })
    await save(worker, 'b', { entries: 5 })
    assert.equal((await list(worker, 'b')).length, 5)
  }),

  'store: a storage that stays lost is said to be lost, and works when it is back': fresh(async (worker) => {
    await save(worker, 'a')
    await worker.run((_core, kept) => {
      kept.tries = 0
      kept.begin = IDBDatabase.prototype.transaction
      IDBDatabase.prototype.transaction = () => {
        kept.tries += 1
        throw new DOMException('Connection to Indexed Database server lost. Refresh the page to try again', 'UnknownError')
      }
    })
    await assert.rejects(save(worker, 'b'), /store_lost/)
    const tries = await worker.run((_core, kept) => {
      IDBDatabase.prototype.transaction = kept.begin
      return kept.tries
    })
    assert.equal(tries, 5)
    await save(worker, 'c')
    assert.deepEqual(await list(worker, ''), ['a/0=10', 'a/1=10', 'c/0=10', 'c/1=10'])
  }),

  'store: a full disk at opening is said to be full': fresh(async (worker) => {
    await worker.run(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('Encountered full disk while opening backing store for indexedDB.open.', 'UnknownError')
      }
    })
    await assert.rejects(save(worker, 'a'), /store_full/)
  }),

  'store: a full phone is read, refuses what is saved, and saves again when there is space': fresh(async (worker, { tab }) => {
    await save(worker, 'a')
    await worker.stop()
    const next = await tab.worker()
    await next.run((_core, kept) => {
      kept.put = IDBObjectStore.prototype.put
      IDBObjectStore.prototype.put = () => {
        throw new DOMException('no space is left', 'QuotaExceededError')
      }
    })
    assert.deepEqual(await list(next, ''), ['a/0=10', 'a/1=10'])
    await assert.rejects(save(next, 'b'), /store_full/)
    await next.run((_core, kept) => (IDBObjectStore.prototype.put = kept.put) && null)
    await save(next, 'c')
    assert.deepEqual(await list(next, ''), ['a/0=10', 'a/1=10', 'c/0=10', 'c/1=10'])
  }),

  'store: an upgrade that is aborted leaves the data to both releases': fresh(async (worker, { tab }) => {
    await byHand(worker, 'records', ['chunk', 'state'])
    await worker.run(() => {
      const { createObjectStore } = IDBDatabase.prototype
      IDBDatabase.prototype.createObjectStore = function (...args) {
        IDBDatabase.prototype.createObjectStore = createObjectStore
        const store = createObjectStore.apply(this, args)
        store.transaction.abort()
        return store
      }
    })
    await save(worker, 'a')
    await worker.stop()
    assert.deepEqual(await list(await tab.worker(), ''), ['a/0=10', 'a/1=10'])
  }),

  'store: cleared site data are noticed, and nothing is made in their place': fresh(async (worker, { tab }) => {
    await save(worker, 'a')
    await tab.session.send('Storage.clearDataForOrigin', { origin: tab.origin, storageTypes: 'indexeddb' })
    await assert.rejects(save(worker, 'b'), /store_lost/)
    await assert.rejects(list(worker, ''), /store_lost/)
    await worker.run((_core, kept) => kept.records.over())
    const left = await worker.run(async () => (await indexedDB.databases()).map((database) => database.name))
    assert.deepEqual(left, [])
  }),

  'store: one value that the browser has lost does not stop its neighbours': fresh(async (worker) => {
    await save(worker, 'a', { entries: 3 })
    await worker.run(() => {
      // As Chromium answers when the file beside the database is gone.
      const failing = (request) => {
        Object.defineProperty(request, 'error', { value: new DOMException('Data lost', 'NotReadableError') })
        request.addEventListener('success', (event) => {
          event.stopImmediatePropagation()
          request.dispatchEvent(new Event('error'))
        })
        return request
      }
      const { get, getAll } = IDBObjectStore.prototype
      const lost = (key) => new TextDecoder().decode(key) === 'a/1'
      IDBObjectStore.prototype.getAll = function (...args) {
        return failing(getAll.apply(this, args))
      }
      IDBObjectStore.prototype.get = function (key) {
        return typeof key !== 'string' && lost(key) ? failing(get.call(this, key)) : get.call(this, key)
      }
    })
    assert.deepEqual(await list(worker, ''), ['a/0=10', 'a/1=0', 'a/2=10'])
    await assert.rejects(
      worker.run((_core, kept) => kept.records.size('a/1')),
      /NotReadableError/,
    )
  }),

  'store: a newer release adds a store, and the older one still opens the data': fresh(async (worker, { tab }) => {
    await save(worker, 'a')
    await worker.stop()
    const next = await tab.worker()
    const [version, stores] = await byHand(next, 'records', ['future'])
    assert.equal(version, 2)
    assert.ok(stores.includes('future'))
    assert.deepEqual(await list(next, ''), ['a/0=10', 'a/1=10'])
    await save(next, 'b')
    assert.equal((await list(next, '')).length, 4)
  }),

  'store: data of an older release get the missing stores': fresh(async (worker, { tab }) => {
    await byHand(worker, 'records', ['chunk', 'state'])
    await save(worker, 'a')
    await worker.stop()
    const [version, stores] = await byHand(await tab.worker(), 'records', [])
    // 1 empty, 2 by hand, 3 by the store, 4 by the look at it.
    assert.equal(version, 4)
    assert.deepEqual(stores, ['chunk', 'draft', 'error', 'outbox', 'quarantine', 'relay', 'row', 'state', 'writer'])
  }),

  'store: a newer release is let through, and this tab says so': fresh(async (worker, { tab }) => {
    await save(worker, 'a')
    const [version] = await byHand(await tab.worker(), 'records', ['future'])
    assert.equal(version, 2)
    await assert.rejects(save(worker, 'b'), /store_newer/)
    await worker.run((_core, kept) => kept.records.over())
  }),

  'tabs: the second says that the first has the records': fresh(async (worker, { again }) => {
    await save(worker, 'a')
    const second = await (await again()).worker()
    await assert.rejects(list(second, ''), /store_elsewhere/)
    await save(worker, 'b')
    assert.equal((await list(worker, '')).length, 4)
  }),

  'tabs: the second takes over when asked, and the first says so': fresh(async (worker, { again }) => {
    await save(worker, 'a')
    const robbed = worker.run((_core, kept) => kept.records.over().then(() => 'over'))
    const second = await (await again()).worker()
    await save(second, 'b', { steal: true })
    assert.equal(await robbed, 'over')
    await assert.rejects(save(worker, 'c'), /store_elsewhere/)
    await assert.rejects(list(worker, ''), /store_elsewhere/)
    assert.deepEqual(await list(second, ''), ['a/0=10', 'a/1=10', 'b/0=10', 'b/1=10'])
  }),

  'tabs: a robbed tab that has not heard of it yet writes nothing': fresh(async (worker) => {
    await worker.run(() => {
      // The news of the lost lock never arrives.
      const request = LockManager.prototype.request
      LockManager.prototype.request = function (name, options, granted) {
        return new Promise((resolve) => request.call(this, name, options, granted).then(resolve, () => {}))
      }
    })
    await save(worker, 'a')
    await save(worker, 'taken', { name: 'thief' })
    await worker.run(async (core, kept) => {
      kept.thief = new core.TrialStore('records', true)
      await kept.thief.list('')
    })
    await assert.rejects(save(worker, 'b'), /store_elsewhere/)
    assert.deepEqual(await list(worker, '', 'thief'), ['a/0=10', 'a/1=10'])
  }),

  'tabs: a closed tab leaves the records to the next': fresh(async (worker, { tab, again }) => {
    await save(worker, 'a')
    const second = await (await again()).worker()
    await assert.rejects(list(second, ''), /store_elsewhere/)
    await tab.close()
    await save(second, 'b')
    assert.equal((await list(second, '')).length, 4)
  }),

  'tabs: a page that reloads gets its records again': fresh(async (worker, { tab }) => {
    await save(worker, 'a')
    await tab.page.reload()
    assert.equal((await list(await tab.worker(), '')).length, 2)
  }),

  'store: without a secure context there is none': async (world) => {
    const context = await world.browser.newContext()
    const origin = `http://plain.test:${world.server.port}`
    const tab = await world.openTab(context, origin)
    assert.equal(await tab.page.evaluate(() => globalThis.isSecureContext), false)
    await assert.rejects(save(await tab.worker(), 'a'), /store_absent/)
    await context.close()
  },
}
