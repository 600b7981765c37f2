import { defineLineFormat } from '../line-format.ts';

const CRI = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([PF])(?::[^ ]*)?(?: |$)/u;

/**
 * The log format of CRI runtimes: RFC 3339 time, stream, tag, text. Tag P: the line goes on in the next record; F: it ends here
 * (nothing to do with fatal). Source: kubernetes design-proposals/node/kubelet-cri-logging.md.
 */
export const cri = defineLineFormat({
  id: 'cri',
  kind: 'envelope',
  read(line) {
    const hit = CRI.exec(line);
    if (hit === null) return undefined;
    const [whole, time = '', stream = '', tag] = hit;
    return { rest: line.slice(whole.length), time, stream, ...(tag === 'P' ? { partial: true } : {}) };
  },
});
