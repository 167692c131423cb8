// Key, clock, entropy and panic of the core in a browser.
import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'

/** The 65 bytes of an uncompressed point as a key that Node can check with. */
function publicKey(point) {
  assert.equal(point.length, 65)
  assert.equal(point[0], 4)
  const coordinate = (from) => Buffer.from(point.slice(from, from + 32)).toString('base64url')
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }, format: 'jwk' })
}

/** Public key and signature of a message, as plain arrays. */
async function signed(worker, message) {
  return worker.run(async (core, _kept, message) => {
    const keys = new core.TrialKeys('key-test')
    const point = Array.from(await keys.public_key())
    return { point, signature: Array.from(await keys.sign(Uint8Array.from(message))) }
  }, Array.from(Buffer.from(message)))
}

function check({ point, signature }, message) {
  const key = { key: publicKey(point), dsaEncoding: 'ieee-p1363' }
  return verify('sha256', Buffer.from(message), key, Buffer.from(signature))
}

export const tests = {
  'key: its signatures verify, and only over what was signed': async (world) => {
    const { tab, close } = await world.fresh()
    const answer = await signed(await tab.worker(), '一包改动')
    assert.equal(answer.signature.length, 64)
    assert.ok(check(answer, '一包改动'))
    assert.ok(!check(answer, '另一包改动'))
    await close()
  },

  'key: stays the same until it is forgotten': async (world) => {
    const { tab, again, close } = await world.fresh()
    const first = await signed(await tab.worker(), 'a')
    const other = await (await again()).worker()
    const second = await signed(other, 'b')
    assert.deepEqual(second.point, first.point)
    assert.ok(check({ point: first.point, signature: second.signature }, 'b'))
    await other.run((core) => new core.TrialKeys('key-test').forget())
    assert.notDeepEqual((await signed(other, 'c')).point, first.point)
    await close()
  },

  'key: the private half cannot be taken out': async (world) => {
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    await signed(worker, 'a')
    const outcome = await worker.run(async () => {
      const open = indexedDB.open('key-test')
      const database = await new Promise((resolve) => (open.onsuccess = () => resolve(open.result)))
      const request = database.transaction('key').objectStore('key').get('device')
      const pair = await new Promise((resolve) => (request.onsuccess = () => resolve(request.result)))
      database.close()
      const taken = await crypto.subtle.exportKey('pkcs8', pair.privateKey).catch((error) => error.name)
      return [pair.privateKey.extractable, taken]
    })
    assert.deepEqual(outcome, [false, 'InvalidAccessError'])
    await close()
  },

  'host: the clock is the clock of the device': async (world) => {
    const { tab, close } = await world.fresh()
    const [before, now, after] = await (await tab.worker()).run((core) => [Date.now(), core.trial_now(), Date.now()])
    assert.ok(before <= now && now <= after, `${before} ${now} ${after}`)
    await close()
  },

  'host: entropy fills more than one draw may hold, and is never the same': async (world) => {
    const { tab, close } = await world.fresh()
    const [first, second] = await (await tab.worker()).run((core) => {
      const draws = [core.trial_entropy(70_000), core.trial_entropy(70_000)]
      return draws.map((draw) => Array.from(draw))
    })
    assert.notDeepEqual(first, second)
    // Every value of a byte occurs in the last 4,000; the chance that one does not is below 1 in 20,000.
    assert.ok(new Set(first.slice(-4_000)).size > 250)
    await close()
  },

  'panic: says where, never what it held, and the worker can be replaced': async (world) => {
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    await assert.rejects(
      worker.run((core) => core.trial_panic('身份证号')),
      /unreachable/,
    )
    const panics = await worker.panics()
    assert.equal(panics.length, 1)
    assert.match(panics[0], /^src\/web\/trial\.rs:\d+$/)
    await worker.stop()
    assert.ok((await (await tab.worker()).run((core) => core.trial_now())) > 0)
    await close()
  },
}
