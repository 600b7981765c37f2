import { readFileSync } from 'node:fs';

/** The version of this copy. The build puts it in; a run from source reads package.json. */
declare const CULPRIT_VERSION: string | undefined;

const fromPackage = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
};

/** False for a run from source. */
export const BUILT: boolean = typeof CULPRIT_VERSION === 'string';

export const VERSION: string = typeof CULPRIT_VERSION === 'string' ? CULPRIT_VERSION : fromPackage();
