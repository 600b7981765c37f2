/**
 * A published test vector and what runs it. Each format has one adapter file; adapters.ts lists them.
 * Formats: the README beside the vectors.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

export interface Vector {
  readonly id: string;
  readonly stack: string;
  readonly source?: string;
  /** Shape depends on the format. */
  readonly versions: Json;
  readonly given: JsonObject;
  readonly when: JsonObject;
  readonly expect: JsonObject;
}

export type VectorResult =
  | { readonly ok: true }
  /** What was expected and what the model says, each as short as it can be; `version` when the vector covers several. */
  | { readonly ok: false; readonly expected: string; readonly got: string; readonly version?: string };

export interface VectorAdapter {
  readonly name: string;
  handles(vector: Vector): boolean;
  run(vector: Vector): VectorResult;
}
