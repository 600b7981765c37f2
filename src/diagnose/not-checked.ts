/** What could not be read is said, never dropped. */
import type { UnobservedReason } from '../facts/fact.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Text } from '../shared/text.ts';
import { say } from '../shared/text.ts';
import type { NotChecked } from './types.ts';

export const reasonTexts: Readonly<Record<UnobservedReason, Text>> = {
  'not-collected': { en: 'not collected', zh: '未采集' },
  permission: { en: 'no permission to read it', zh: '没有读取权限' },
  timeout: { en: 'no answer in time', zh: '超时无响应' },
  'no-tool': { en: 'no tool there to look with', zh: '没有可用的工具' },
  'too-large': { en: 'too large, only the beginning was read', zh: '文件过大，只读取了开头部分' },
  'not-a-regular-file': { en: 'not a regular file', zh: '不是普通文件' },
  'link-loop': { en: 'its links lead in a circle', zh: '符号链接成环' },
  'outside-root': { en: 'its link leads out of the container', zh: '符号链接指向容器之外' },
  vanished: { en: 'it went away while it was read', zh: '读取过程中消失' },
  malformed: { en: 'it could not be understood', zh: '无法识别其内容' },
  'io-error': { en: 'reading failed', zh: '读取失败' },
};

export function notCheckedOf(snapshot: Snapshot): readonly NotChecked[] {
  return snapshot.node.problems.map(({ source, reason, detail }) => {
    const text = reasonTexts[reason];
    return {
      what: detail === undefined ? say(text) : say({ en: `${text.en} ({detail})`, zh: `${text.zh}（{detail}）` }, { detail }),
      source,
    };
  });
}
