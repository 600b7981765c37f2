/** Stands for a name server that is asked and that nobody named: an address for documentation (RFC 5737), which no node has. */
export const SOME_NAME_SERVER = '192.0.2.53';
