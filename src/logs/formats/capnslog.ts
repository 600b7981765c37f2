import { defineLineFormat, levelOf, plainQuotes } from '../line-format.ts';

const LINE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([TC-FNIW]) \| ([\w/.-]+): (.*)$/su;

/** capnslog, as etcd wrote before 3.5: "2021-01-25 06:42:29.227123 W | etcdserver: text". Source: coreos/pkg capnslog formatters.go. */
export const capnslog = defineLineFormat({
  id: 'capnslog',
  kind: 'message',
  read(line) {
    const hit = LINE.exec(line);
    if (hit === null) return undefined;
    const [, time = '', letter = '', file = '', text = ''] = hit;
    const level = levelOf(letter);
    return {
      rest: plainQuotes(text),
      time: time.replace(' ', 'T'),
      sourceFile: file,
      ...(level === undefined ? {} : { level }),
      ...(letter === 'C' || letter === 'F' ? { terminal: 'zap-fatal' as const } : {}),
    };
  },
});
