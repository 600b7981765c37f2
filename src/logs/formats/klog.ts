import { defineLineFormat, levelOf, plainQuotes } from '../line-format.ts';

const HEADER = /^([IWEF])(\d{2})(\d{2}) (\d\d:\d\d:\d\d(?:\.\d{1,6})?) +(\d+) ([^ :\]]+:\d+)\] ?/u;

/**
 * klog and glog: "Lmmdd hh:mm:ss.uuuuuu threadid file:line] msg". There is no year; F ends the process (exit status 255, 1 in newer
 * versions). Source: kubernetes/klog klog.go (header format).
 */
export const klog = defineLineFormat({
  id: 'klog',
  kind: 'message',
  read(line) {
    const hit = HEADER.exec(line);
    if (hit === null) return undefined;
    const [header, letter = 'I', month = '', day = '', clock = '', , file = ''] = hit;
    const level = levelOf(letter);
    return {
      rest: plainQuotes(line.slice(header.length)),
      time: `--${month}-${day}T${clock}`,
      sourceFile: file,
      ...(level === undefined ? {} : { level }),
      ...(letter === 'F' ? { terminal: 'klog-fatal' as const } : {}),
    };
  },
});
