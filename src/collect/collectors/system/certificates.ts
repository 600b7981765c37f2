/** Certificates of the cluster's components on this machine: what their public part says. Only certificates leave the machine, never keys. */
import { X509Certificate } from 'node:crypto';
import { unobserved, type Source } from '../../../facts/fact.ts';
import type { ProbeRecord } from '../../probe-script.ts';
import { fileLines, fromFile, knownValue, recordText, type Observations } from './parts.ts';

const MAX_CERTIFICATES = 200;

export function readCertificates(records: readonly ProbeRecord[]): Observations {
  const found: Observations = {};
  for (const record of records) {
    const [path] = record.args;
    if (record.kind === 'certificate-unread' && path !== undefined)
      found[`cert.${path}.not-after`] = unobserved('permission', undefined, fromFile(path));
  }
  let count = 0;
  for (const { path, line, pem } of [...pemFiles(recordText(records, 'certificates')), ...kubeconfigs(records)]) {
    if (++count > MAX_CERTIFICATES) break;
    // The first of a file is the one that is served; what follows are its issuers.
    if (found[`cert.${path}.not-after`]?.state === 'known') continue;
    Object.assign(found, describe(path, line, pem));
  }
  return found;
}

function describe(path: string, line: number, pem: string): Observations {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return { [`cert.${path}.not-after`]: unobserved('malformed', undefined, { ...fromFile(path), line } as Source) };
  }
  const source = (text: string): Source => ({ kind: 'file', path, line, view: 'host', text });
  const facts: Observations = {};
  const instant = (key: string, text: string): void => {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) facts[`cert.${path}.${key}`] = knownValue(new Date(at).toISOString(), source(`${key}: ${text}`));
  };
  instant('not-after', certificate.validTo);
  instant('not-before', certificate.validFrom);
  const flat = (name: string): string => name.replaceAll('\n', ', ');
  facts[`cert.${path}.subject`] = knownValue(flat(certificate.subject), source(`subject: ${flat(certificate.subject)}`));
  facts[`cert.${path}.issuer`] = knownValue(flat(certificate.issuer), source(`issuer: ${flat(certificate.issuer)}`));
  const names = certificate.subjectAltName;
  if (names !== undefined)
    facts[`cert.${path}.sans`] = knownValue(
      names.split(', ').map((name) => name.replace(/^(?:DNS|IP Address|URI|email):/u, '')),
      source(names),
    );
  return facts;
}

interface Pem {
  readonly path: string;
  readonly line: number;
  readonly pem: string;
}

function pemFiles(text: string | undefined): readonly Pem[] {
  const blocks: Pem[] = [];
  let open: { readonly path: string; readonly line: number; readonly lines: string[] } | undefined;
  for (const { path, line, text: content } of fileLines(text)) {
    const bare = content.trimEnd();
    if (bare === '-----BEGIN CERTIFICATE-----') open = { path, line, lines: [bare] };
    else if (open?.path === path) {
      open.lines.push(bare);
      if (bare === '-----END CERTIFICATE-----') {
        blocks.push({ path, line: open.line, pem: `${open.lines.join('\n')}\n` });
        open = undefined;
      }
    }
  }
  return blocks;
}

const kubeconfigs = (records: readonly ProbeRecord[]): readonly Pem[] =>
  fileLines(recordText(records, 'kubeconfig-certificates')).flatMap(({ path, line, text }) => {
    const data = /client-certificate-data:[ \t]*["']?([A-Za-z0-9+/=]+)/u.exec(text)?.[1];
    return data === undefined ? [] : [{ path, line, pem: Buffer.from(data, 'base64').toString('latin1') }];
  });
