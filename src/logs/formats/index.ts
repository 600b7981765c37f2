/** Every line format, envelopes from the outermost in. A new format is one file here and one line below (a test watches that none is forgotten). */
import type { LineFormat } from '../line-format.ts';
import { bracketed } from './bracketed.ts';
import { capnslog } from './capnslog.ts';
import { ciStamped } from './ci-stamped.ts';
import { cri } from './cri.ts';
import { dockerJson } from './docker-json.ts';
import { journaldJson } from './journald-json.ts';
import { jsonRecord } from './json-record.ts';
import { kernel } from './kernel.ts';
import { klog } from './klog.ts';
import { logfmt } from './logfmt.ts';
import { logrusTerminal } from './logrus-terminal.ts';
import { prefixed } from './prefixed.ts';
import { rancher1 } from './rancher1.ts';
import { stamped } from './stamped.ts';
import { syslog } from './syslog.ts';

export const lineFormats: readonly LineFormat[] = [
  ciStamped,
  prefixed,
  dockerJson,
  cri,
  stamped,
  journaldJson,
  syslog,
  kernel,
  rancher1,
  klog,
  logfmt,
  logrusTerminal,
  capnslog,
  jsonRecord,
  bracketed,
];
