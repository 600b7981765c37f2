import { startKubelet } from '../../stages/kubelet.ts';
import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'healthy-read-only-image',
  title: { en: 'an image is mounted read-only, as images are', zh: '镜像以只读方式挂载，本应如此' },
  story: {
    en: 'A folder of tools is read-only by intent; nothing of the node writes there.',
    zh: '工具目录有意设为只读；节点上没有组件向其写入。',
  },
  kind: 'healthy',
  expects: { exitStatus: 0 },
  needs: [],
  target: [],
  async build(lab) {
    await startKubelet(lab);
    await lab.node.sh('mkdir -p /opt/tools; mount -t tmpfs -o ro,size=1m tmpfs /opt/tools');
  },
  show: [{ command: 'touch /opt/tools/x', expect: { exitStatus: 1, says: [/Read-only file system/] } }],
});
