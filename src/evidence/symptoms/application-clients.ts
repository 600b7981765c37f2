import { errnoOf } from '../errno-text.ts';
import { isAddress } from '../host-port.ts';
import { defineSymptomReader, details, draft, type SymptomDraft } from './symptom-reader.ts';

const ADDRESS = '(?<address>\\[?[0-9a-fA-F.:]{2,45}\\]?)';

/**
 * What run-times print when a connection fails. Node.js: lib/internal/errors.js (ExceptionWithHostPort) and lib/net.js; Python: urllib3
 * connectionpool.py with the OSError inside; Java: Apache HttpClient's HttpHostConnectException and java.net; nginx: ngx_http_upstream.c.
 */
const TEXTS: readonly (readonly [client: string, pattern: RegExp])[] = [
  ['node', new RegExp(`\\bconnect (?<errno>E[A-Z]{3,14}) ${ADDRESS}:(?<port>\\d{1,5})\\b`, 'u')],
  [
    'python',
    /HTTPS?ConnectionPool\(host='(?<name>[^']{1,255})', port=(?<port>\d{1,5})\).{0,600}?\[Errno -?\d+\] (?<error>[A-Z][\w ]{4,60})/u,
  ],
  ['java', /Connect to (?:https?:\/\/)?(?<name>[^ :[]{1,255}):(?<port>\d{1,5}) \[[^\]]{1,300}\] failed: (?<error>.{3,80})/u],
  [
    'nginx',
    new RegExp(
      `connect\\(\\) (?:to ${ADDRESS}:(?<port>\\d{1,5}) )?failed \\(\\d+: (?<error>[A-Z][^)]{3,60})\\) while connecting to upstream`,
      'u',
    ),
  ],
];
const UPSTREAM = /upstream: "[a-z]+:\/\/(?<address>\[[0-9a-f:]+\]|[0-9.]+):(?<port>\d{1,5})/u;

export const applicationClients = defineSymptomReader({
  id: 'application-clients',
  anchors: ['connect E', 'ConnectionPool(host=', '] failed: ', 'connecting to upstream'],
  scan: [
    'connect ECONN',
    'connect EADDR',
    'connect EHOST',
    'connect ENETU',
    'connect ETIME',
    'ConnectionPool(host=',
    '] failed: ',
    'connecting to upstream',
  ],
  read({ message }): readonly SymptomDraft[] {
    for (const [client, pattern] of TEXTS) {
      const groups = pattern.exec(message)?.groups;
      if (groups === undefined) continue;
      const upstream = UPSTREAM.exec(message)?.groups;
      const address = (groups['address'] ?? upstream?.['address'])?.replaceAll(/[[\]]/gu, '');
      if (address !== undefined && !isAddress(address)) continue;
      const port = groups['port'] ?? upstream?.['port'];
      const said = groups['error']?.trim();
      return [
        draft('dial-failed', 'dial', {
          client,
          name: groups['name'],
          address,
          port: port === undefined ? undefined : Number(port),
          errno: groups['errno'] ?? errnoOf(said ?? ''),
          details: details({ error: said ?? groups['errno'] }),
        }),
      ];
    }
    return [];
  },
});
