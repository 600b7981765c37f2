// The layers of Culprit, as rules: arrows go one way. `npm run layers` checks them; `npx depcruise src --output-type dot` draws them.
// A folder may import itself, what stands in its line, and nothing else of src/.
const mayImport = {
  shared: [],
  facts: ['shared'],
  model: ['facts', 'shared'],
  snapshot: ['facts', 'shared'],
  transport: ['facts', 'shared'],
  remedy: ['model', 'facts', 'shared'],
  causes: ['model', 'remedy', 'facts', 'shared'],
  diagnose: ['causes', 'remedy', 'model', 'snapshot', 'facts', 'shared'],
  logs: ['scanner', 'causes', 'facts', 'shared'],
  collect: ['transport', 'snapshot', 'logs', 'facts', 'shared'],
  strace: ['model', 'facts', 'shared'],
  compare: ['strace', 'diagnose', 'causes', 'remedy', 'model', 'snapshot', 'facts', 'shared'],
  evidence: ['strace', 'transport', 'snapshot', 'logs', 'causes', 'collect', 'facts', 'shared'],
  report: ['strace', 'compare', 'diagnose', 'causes', 'model', 'remedy', 'snapshot', 'facts', 'shared'],
  lab: ['transport', 'facts', 'shared'],
  vectors: ['model', 'facts', 'shared'],
};

/** What the model would have to know is a type of the model; collect fetches it. */
const TYPES_ONLY = { collect: ['^src/model/types\\.ts$'] };

module.exports = {
  forbidden: [
    ...Object.entries(mayImport).map(([folder, others]) => ({
      name: `${folder}-imports-only-what-is-below`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: [...[folder, ...others].map((o) => `^src/${o}/`), ...(TYPES_ONLY[folder] ?? [])] },
    })),
    {
      name: 'pure-layers-import-no-module',
      comment: 'model/, causes/, facts/ and the simulation of edits run anywhere, on recorded facts: no Node module, no npm package.',
      severity: 'error',
      from: { path: '^src/(model|causes|facts|diagnose|remedy)/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer'] },
    },
    {
      name: 'report-renders-and-reads-nothing',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'report-knows-types-only',
      comment: 'A report is a function of the values it is given; it may name their types, and call nothing of the layers that make them.',
      severity: 'error',
      from: { path: '^src/report/' },
      to: { path: '^src/(diagnose|causes|model|snapshot|strace|compare)/', dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'nothing-missing', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
