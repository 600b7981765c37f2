import { errnoOf } from '../errno-text.ts';
import { hostPort, urlParts } from '../host-port.ts';
import { defineSymptomReader, details, draft, longEnough, type SymptomDraft } from './symptom-reader.ts';

/** What Go asked for before it dialled: `Get "https://localhost:6443/…":`; before Go 1.14 without quotes, sometimes cut by a line break. */
const REQUEST = /\b(Get|Post|Put|Head|Patch|Delete|Options|GET|POST|PUT|HEAD) "?((?:https?|wss?):\/\/[^ \t"]+?)"?:? /gu;
const BARE_URL = /"?((?:https?|wss?|tcp):\/\/[^ \t"]+?)"?:? /gu;
const DIAL =
  /\bdial (tcp|udp|unix)[46]?(?: (\[[^\]]{1,60}\]:\d{1,5}|[^ \t,":]{1,255}(?::\d{1,5})?|\/[^ \t:]{1,255}|@[^ \t:]{1,100})(?:->(\[[^\]]{1,60}\]:\d{1,5}|[^ \t,"]{1,255}?))?)?: ([^"]{1,400})/gu;
const RKE_SERVICE = /for service \[([^\]]{1,60})\] on host \[([^\]]{1,255})\]/u;

/** Name and port that the nearest request before the dial names, as written there. */
export function requestBefore(text: string, at: number): { readonly name?: string; readonly port?: number; readonly url?: string } {
  const before = text.slice(Math.max(0, at - 2000), at);
  for (const pattern of [REQUEST, BARE_URL]) {
    const last = [...before.matchAll(pattern)].at(-1);
    const url = last?.[2] ?? last?.[1];
    const parts = url === undefined ? undefined : urlParts(url);
    if (url !== undefined && parts !== undefined)
      return { name: parts.host, url, ...(parts.port === undefined ? {} : { port: parts.port }) };
  }
  return {};
}

/**
 * Go's dial errors: `dial tcp [::1]:6443: connect: no route to host`, with the name from the URL before it. The error after the address
 * is "connect: ERRNO" (getsockopt before Go 1.11) or a timeout. Lookup errors are read by lookup.ts. Source: Go src/net/net.go (OpError).
 */
export const dial = defineSymptomReader({
  id: 'dial',
  anchors: ['dial tcp', 'dial udp', 'dial unix'],
  scan: [...longEnough('dial tcp', [' ', ':', '4', '6']), ...longEnough('dial udp', [' ', ':', '4', '6']), 'dial unix'],
  read({ message, text }) {
    const from = message.includes('dial ') ? message : text;
    const found: SymptomDraft[] = [];
    for (const hit of from.matchAll(DIAL)) {
      const [, network = 'tcp', target, peer, error = ''] = hit;
      if (/^(?:lookup |unknown port)/u.test(error)) continue;
      const request = requestBefore(from, hit.index);
      const service = RKE_SERVICE.exec(from);
      const more = details({
        error: error.replace(/[.;,)\]]+$/u, '').slice(0, 200),
        url: request.url,
        service: service?.[1],
        host: service?.[2],
        path: network === 'unix' ? target : undefined,
      });
      const end = network === 'unix' ? undefined : hostPort(peer ?? target ?? '');
      found.push(
        draft('dial-failed', 'dial', {
          client: 'go',
          protocol: network,
          name: request.name,
          address: network === 'unix' ? target : end?.host,
          port: end?.port ?? request.port,
          errno: errnoOf(error) ?? (/timeout|timed out/iu.test(error) ? 'TIMEOUT' : undefined),
          details: more,
        }),
      );
    }
    return found;
  },
});
