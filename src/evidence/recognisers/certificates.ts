/* eslint-disable regexp/no-super-linear-backtracking -- lines are cut to 4096 characters before they come here */
import type { EvidenceFacts } from '../facts/evidence-facts.ts';
import { argumentsOf } from '../pieces/command-line.ts';
import { sourceOf, type Piece } from '../pieces/piece.ts';
import { defineRecogniser, eachLine, fitting } from './define-recogniser.ts';

/** 'Nov 22 00:01:36 2026 GMT' → ISO 8601. */
export function opensslDate(text: string): string | undefined {
  const ms = Date.parse(text.replace(/^([A-Z][a-z]{2}) +(\d{1,2}) ([\d:]+) (\d{4}) GMT$/u, '$2 $1 $4 $3 UTC'));
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function nameOf(piece: Piece): string {
  const words = piece.command?.words ?? [];
  const at = (option: string): string | undefined => words[words.indexOf(option) + 1];
  if (words.includes('-in')) return at('-in') ?? 'pasted';
  if (words.includes('-connect')) return at('-connect') ?? 'pasted';
  if (piece.path !== undefined || piece.kind === 'file') return piece.path ?? piece.name;
  const file = piece.command === undefined ? undefined : argumentsOf(piece.command).find((a) => /\.(?:crt|pem|cert)$/u.test(a));
  return file ?? 'pasted';
}

/** openssl x509 -text, -dates, -subject; parts of it are enough. Source: x509(1ssl). */
export const opensslX509 = defineRecogniser({
  id: 'openssl-x509',
  title: { en: 'certificate (openssl x509)', zh: '证书（openssl x509）' },
  prose: true,
  commands: (c) => c.name === 'openssl' && c.words.includes('x509'),
  names: /(?:^|\/)(?:certs|pki)\/.+$/u,
  look: (lines) =>
    fitting(lines, /^(?:notAfter=|notBefore=)|^ +(?:Not After *:|Not Before *:|Subject Public Key Info:|Signature Algorithm:)/u, 60) >= 1,
  read(piece, facts) {
    const name = nameOf(piece);
    readCertificate(piece, facts, name);
    return 'all';
  },
});

function readCertificate(piece: Piece, facts: EvidenceFacts, name: string): void {
  piece.lines.forEach((line, i) => {
    const source = sourceOf(piece, i);
    const after = opensslDate(/(?:notAfter=|Not After *: *)(.+)$/u.exec(line)?.[1]?.trim() ?? '');
    const before = opensslDate(/(?:notBefore=|Not Before *: *)(.+)$/u.exec(line)?.[1]?.trim() ?? '');
    if (after !== undefined) facts.observe(`cert.${name}.not-after`, after, source, piece.where);
    if (before !== undefined) facts.observe(`cert.${name}.not-before`, before, source, piece.where);
    const subject = /^ *[Ss]ubject(?:=|:) *(.+)$/u.exec(line)?.[1];
    if (subject !== undefined) {
      facts.observe(`cert.${name}.subject`, subject.trim(), source, piece.where);
      const cn = /CN ?= ?(system:node:[\w.-]+)/u.exec(subject)?.[1];
      if (cn !== undefined) facts.observe('kubelet.certificate-cn', cn, source, piece.where);
    }
    const issuer = /^ *[Ii]ssuer(?:=|:) *(.+)$/u.exec(line)?.[1];
    if (issuer !== undefined) facts.observe(`cert.${name}.issuer`, issuer.trim(), source, piece.where);
    const names = [...line.matchAll(/(?:DNS|IP Address):([^, ]+)/gu)].map((m) => m[1] ?? '');
    if (names.length > 0) facts.observe(`cert.${name}.sans`, names, source, piece.where);
    const print = /(?:sha256|SHA256) Fingerprint=([0-9A-F:]+)/u.exec(line)?.[1];
    if (print !== undefined) facts.observe(`cert.${name}.fingerprint`, print.replaceAll(':', '').toLowerCase(), source, piece.where);
  });
}

/** openssl s_client: what the server presents, and whether it verified. Source: s_client(1ssl). */
export const sClient = defineRecogniser({
  id: 'openssl-s-client',
  title: { en: 'TLS connection (openssl s_client)', zh: 'TLS 连接（openssl s_client）' },
  commands: (c) => c.name === 'openssl' && c.words.includes('s_client'),
  look: (lines) => fitting(lines, /^(?:CONNECTED\(|Certificate chain$|Verify return code: |verify error:num=)/u, 120) >= 1,
  read(piece, facts) {
    const name = nameOf(piece);
    let depth = 0;
    const understood = eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const code = /Verify return code: (\d+) \(([^)]*)\)/u.exec(line);
      if (code !== null) facts.observe('cert.chain-verifies', code[1] === '0', source, piece.where);
      const chain = /^ *(\d+) s:(.+)$/u.exec(line);
      if (chain !== null) depth = Math.max(depth, Number(chain[1]) + 1);
      if (chain?.[1] === '0') facts.observe(`cert.${name}.subject`, (chain[2] ?? '').trim(), source, piece.where);
      const issuer = /^ +i:(.+)$/u.exec(line)?.[1];
      if (issuer !== undefined) facts.observe(`cert.${name}.issuer`, issuer.trim(), source, piece.where);
      return true;
    });
    readCertificate(piece, facts, name);
    return understood;
  },
});

/** `kubeadm certs check-expiration`. */
export const kubeadmCerts = defineRecogniser({
  id: 'kubeadm-certs',
  title: { en: 'validity of certificates (kubeadm)', zh: '证书有效期（kubeadm）' },
  commands: (c) => c.name === 'kubeadm' && c.words.includes('check-expiration'),
  look: (lines) => fitting(lines, /^CERTIFICATE +EXPIRES +RESIDUAL TIME/u) > 0,
  read(piece, facts) {
    return eachLine(piece, (line, i) => {
      const row = /^([a-z][\w.-]+) +([A-Z][a-z]{2} \d{2}, \d{4} \d\d:\d\d UTC|<invalid>) +(<invalid>|\d+[ydhm]|0?s?)/u.exec(line);
      if (row !== null) {
        const at = Date.parse((row[2] ?? '').replace(' UTC', ' GMT'));
        if (!Number.isNaN(at)) facts.observe(`cert.${row[1] ?? ''}.not-after`, new Date(at).toISOString(), sourceOf(piece, i));
        if (row[3] === '<invalid>') facts.observe('cert.expired', true, sourceOf(piece, i));
        // The rest of its life tells the clock that it was reckoned with, give or take half a day.
        const days = /^(\d+)d$/u.exec(row[3] ?? '')?.[1];
        if (days !== undefined && !Number.isNaN(at))
          facts.observe('clock.now', new Date(at - (Number(days) + 0.5) * 86_400_000).toISOString(), sourceOf(piece, i));
      }
      return row !== null || /^(?:CERTIFICATE|\[check-expiration\])/u.test(line);
    });
  },
});

const MEMBER = /^([0-9a-f]{8,16}), (started|unstarted), ([^,]*), ([^,]*), ([^,]*)(?:, (true|false))?/u;

/** etcdctl member list, endpoint status|health, alarm list; simple and table output. Source: etcdctl README. */
export const etcdctl = defineRecogniser({
  id: 'etcdctl',
  title: { en: 'etcd (etcdctl)', zh: 'etcd（etcdctl）' },
  commands: (c) => c.name === 'etcdctl' || c.name === 'etcdutl',
  names: /(?:^|\/)etcd\/(?:memberlist|endpointstatus|endpointhealth|alarmlist)$/u,
  look: (lines) =>
    fitting(lines, MEMBER) > 0 ||
    fitting(lines, /^\| +(?:ENDPOINT|ID) +\|/u) > 0 ||
    fitting(lines, /^[^ ]+ is (?:un)?healthy: (?:successfully|failed)/u) > 0 ||
    fitting(lines, /^memberID:\d+ alarm:/u) > 0,
  read(piece, facts) {
    const members: Record<string, string>[] = [];
    const health: boolean[] = [];
    let columns: readonly string[] = [];
    const alarmAsked = piece.command?.words.includes('alarm') === true || piece.name.includes('alarmlist');
    const understood = eachLine(piece, (line, i) => {
      const source = sourceOf(piece, i);
      const member = MEMBER.exec(line);
      if (member !== null) {
        members.push({
          id: member[1] ?? '',
          status: member[2] ?? '',
          name: member[3] ?? '',
          peerUrls: member[4] ?? '',
          clientUrls: member[5] ?? '',
        });
        return true;
      }
      const alarm = /alarm: ?(NOSPACE|CORRUPT)/u.exec(line)?.[1];
      if (alarm !== undefined) {
        facts.observeMore('etcd.alarms', [alarm], source);
        return true;
      }
      const healthy = /^([^ ]+) is (un)?healthy: /u.exec(line);
      if (healthy !== null) {
        health.push(healthy[2] === undefined);
        return true;
      }
      if (/^[+|]/u.test(line)) {
        const cells = line
          .split('|')
          .slice(1, -1)
          .map((c) => c.trim());
        if (cells.some((c) => c === 'ENDPOINT' || c === 'ID')) columns = cells;
        else if (cells.length === columns.length && columns.length > 0) {
          const row = Object.fromEntries(columns.map((c, n) => [c, cells[n] ?? '']));
          if (row['PEER ADDRS'] !== undefined)
            members.push({
              id: row['ID'] ?? '',
              status: row['STATUS'] ?? '',
              name: row['NAME'] ?? '',
              peerUrls: row['PEER ADDRS'],
              clientUrls: row['CLIENT ADDRS'] ?? '',
            });
          const size = /^([\d.]+) ?(B|kB|KB|MB|GB)/u.exec(row['DB SIZE'] ?? '');
          if (size !== null)
            facts.observe(
              'etcd.db-size-bytes',
              Math.round(Number(size[1]) * ({ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9 }[size[2] ?? 'B'] ?? 1)),
              source,
            );
          if (row['IS LEADER'] === 'true') facts.observe('etcd.has-leader', true, source);
          if (row['HEALTH'] !== undefined) health.push(row['HEALTH'] === 'true');
          if ((row['ERRORS'] ?? '').includes('NOSPACE')) facts.observeMore('etcd.alarms', ['NOSPACE'], source);
        }
        return true;
      }
      return false;
    });
    const source = sourceOf(piece, 0);
    if (members.length > 0) {
      facts.observe('etcd.members', members, source);
      facts.observe('etcd.member-count', members.length, source);
    }
    if (health.length > 0) {
      facts.observe('etcd.healthy', health.every(Boolean), source);
      facts.observe('etcd.members-reachable', health.filter(Boolean).length, source);
    }
    if (alarmAsked && piece.lines.every((l) => l === '')) facts.observe('etcd.alarms', [], source);
    return understood;
  },
});
