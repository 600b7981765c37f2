import { defineScenario } from '../../scenario.ts';

export const scenario = defineScenario({
  id: 'mount-propagation-private',
  title: { en: 'the root is mounted private, and a container wants a shared mount', zh: '根以 private 方式挂载，而容器需要 shared 挂载' },
  story: {
    en: 'RKE mounts /var/lib/kubelet as shared; on this node the mount point is private.',
    zh: 'RKE 以 shared 挂载 /var/lib/kubelet；而本节点该挂载点是 private。',
  },
  kind: 'failing',
  expects: { cause: 'mount-propagation-private', certainty: 'likely', exitStatus: 1 },
  needs: ['docker'],
  target: ['--evidence', '{paste}'],
  async build(lab) {
    await (await lab.docker()).image();
    await lab.node.sh('mkdir -p /var/lib/kubelet; mount -t tmpfs tmpfs /var/lib/kubelet; mount --make-private /var/lib/kubelet');
  },
  show: [
    {
      command: 'docker run --rm -v /var/lib/kubelet:/var/lib/kubelet:shared culprit-lab:1 id',
      expect: { exitStatus: 125, says: [/not a shared mount/] },
    },
    { command: 'findmnt -o TARGET,PROPAGATION /var/lib/kubelet', expect: { exitStatus: 0, says: [/private/] } },
  ],
});
