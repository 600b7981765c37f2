import { defineLineFormat } from '../line-format.ts';

const KUBECTL = /^\[pod\/[^\]/ ]{1,253}\/([^\] ]{1,63})\] /u;
const COMPOSE = /^([a-z0-9][\w.-]{0,62}) +\| /u;

/** stern and `kubectl logs` of a selector with a plain prefix: "POD CONTAINER text". */
const STERN = /^[a-z0-9][a-z0-9.-]{1,252} ([a-z0-9-]{1,63}) (?=[IWEF]\d{4} \d\d:|time=|\{"(?:level|ts|time)")/u;

/** `kubectl logs --prefix` ("[pod/NAME/CONTAINER] text") and docker compose ("name_1  | text"). */
export const prefixed = defineLineFormat({
  id: 'prefixed',
  kind: 'envelope',
  read(line) {
    const kubectl = KUBECTL.exec(line);
    if (kubectl?.[1] !== undefined) return { rest: line.slice(kubectl[0].length), component: kubectl[1] };
    const stern = STERN.exec(line);
    if (stern?.[1] !== undefined) return { rest: line.slice(stern[0].length), component: stern[1] };
    const compose = COMPOSE.exec(line);
    if (compose?.[1] !== undefined && !/^(?:true|false|warn|error|info|\d+)$/u.test(compose[1]))
      return { rest: line.slice(compose[0].length), component: compose[1] };
    return undefined;
  },
});
