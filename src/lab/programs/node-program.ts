/**
 * Small servers of the lab are functions of this program, run by a Node process of their own inside a lab host. They travel as text, so
 * they may use nothing from outside themselves: no imports, only `process.getBuiltinModule`.
 */
export const nodeProgram = <Options>(body: (options: Options) => void, options: Options): readonly string[] => [
  process.execPath,
  '-e',
  // Bundlers may wrap functions with a helper that keeps their names.
  `const __name = (f) => f; (${body.toString()})(${JSON.stringify(options)})`,
];
