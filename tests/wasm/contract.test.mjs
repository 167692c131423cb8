// The contract that every store keeps, kept by IndexedDB.

/** In the order of the suite in the core; a case that is missing there or here fails. */
const CASES = [
  'basics',
  'tables_are_apart',
  'keys_are_ordered',
  'prefixes_end_where_they_should',
  'empty_values',
  'large_values',
  'last_step_wins',
  'many_entries',
  'calls_keep_their_order',
  'opened_again',
  'full_keeps_nothing_of_a_batch',
  'like_the_model',
]

async function run(world, name) {
  const { tab, close } = await world.fresh()
  const worker = await tab.worker()
  await worker.run((core, _kept, name) => core.contract_run(name), name)
  await close()
}

export const tests = {
  'contract: the suite is the whole suite': async (world) => {
    const { tab, close } = await world.fresh()
    const worker = await tab.worker()
    const cases = await worker.run((core) => core.contract_cases())
    if (cases.join() !== CASES.join()) throw new Error(`the core has ${cases.join()}`)
    await close()
  },
  ...Object.fromEntries(CASES.map((name) => [`contract: ${name}`, (world) => run(world, name)])),
}
