import type { TracedDial } from './trace.ts';

/** '[::1]:6443' */
export const dialTarget = (d: Pick<TracedDial, 'address' | 'port'>): string =>
  d.address.includes(':') ? `[${d.address}]:${d.port}` : `${d.address}:${d.port}`;
