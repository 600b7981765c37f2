/** Every kind of failure that is read from lines. The order is that of precision: what names an address comes before what only hints. */
import { applicationClients } from './application-clients.ts';
import { dial } from './dial.ts';
import { dnsQueryLog } from './dns-query-log.ts';
import { dnsRead } from './dns-read.ts';
import { dnsTools } from './dns-tools.ts';
import { exits } from './exits.ts';
import { files } from './files.ts';
import { http } from './http.ts';
import { listen } from './listen.ts';
import { lookup } from './lookup.ts';
import { programs } from './programs.ts';
import type { SymptomReader } from './symptom-reader.ts';
import { tls } from './tls.ts';
import { waits } from './waits.ts';

export const symptomReaders: readonly SymptomReader[] = [
  dial,
  lookup,
  dnsRead,
  listen,
  tls,
  dnsTools,
  programs,
  applicationClients,
  http,
  files,
  waits,
  exits,
  dnsQueryLog,
];
