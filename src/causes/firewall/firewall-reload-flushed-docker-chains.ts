/** A firewall that starts after docker flushes docker's chains. Source: docker docs, packet filtering; field knowledge. */
import { all, ask, evidenceCause, line, observed, stated, t } from '../_checks/index.ts';

const chainMissing = observed('iptables.chains', (value) => Array.isArray(value) && value.length > 0 && !value.includes('nat/DOCKER'));

export const firewallReloadFlushedDockerChains = evidenceCause({
  id: 'firewall-reload-flushed-docker-chains',
  area: 'firewall',
  severity: 'critical',
  layer: 2,
  title: t("Docker's chains are gone from the firewall", 'docker 的防火墙链已丢失'),
  mechanism: t(
    'docker makes its chains when it starts. A firewall that is started or reloaded later flushes them, and no container with a published port starts any more.',
    'docker 在启动时创建自己的链。之后启动或重新加载的防火墙会清空它们，此后带发布端口的容器都无法启动。',
  ),
  summary: t(
    'The chain DOCKER is missing because a firewall was started or reloaded after docker.',
    '由于防火墙在 docker 之后启动或重新加载，DOCKER 链已缺失。',
  ),
  sources: ['docker docs: packet filtering and firewalls'],
  lookAlikes: ['kernel-module-missing', 'iptables-backend-mixed'],
  signatures: [
    {
      id: 'firewall-reload-flushed-docker-chains/no-chain',
      grade: 'direct',
      anchors: ['No chain/target/match by that name'],
      pattern:
        /(?:driver failed programming external connectivity|-A DOCKER|-I DOCKER|-[DAI] DOCKER-[A-Z0-9-]|--wait -t (?:nat|filter) [^\n]*DOCKER)[^\n]*No chain\/target\/match by that name/,
      matches: [
        'driver failed programming external connectivity on endpoint web (abc): (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 80: iptables: No chain/target/match by that name.',
      ],
      rejects: ['iptables: No chain/target/match by that name.'],
    },
  ],
  lines: [
    {
      id: 'firewall-reload-flushed-docker-chains/bare',
      grade: 'weak',
      anchors: ['No chain/target/match by that name'],
      pattern: /No chain\/target\/match by that name/,
      matches: ['iptables: No chain/target/match by that name.'],
      rejects: ['iptables: Bad rule'],
    },
  ],
  confirm: [
    {
      when: all(chainMissing, line('firewall-reload-flushed-docker-chains/bare')),
      grade: 'direct',
      says: t('The chain nat/DOCKER is missing and iptables says so.', 'nat/DOCKER 链缺失，且 iptables 报告如此。'),
    },
    {
      when: stated({
        whole:
          /(?:firewall|iptables)[^.;]*(?:restart|reload|start)[^.;]*(?:after|later)[^.;]*docker|docker chain[^.;]*(?:missing|gone|flushed)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the firewall was restarted after docker.', '陈述中提到防火墙在 docker 之后重启。'),
    },
  ],
  refute: [
    {
      when: observed('iptables.chains', (value) => Array.isArray(value) && value.includes('nat/DOCKER')),
      says: t('The chain DOCKER is there.', 'DOCKER 链存在。'),
    },
  ],
  asks: [
    ask(
      'Does the chain DOCKER exist in nat, and was the firewall started after docker?',
      'nat 表中是否有 DOCKER 链？防火墙是否在 docker 之后启动？',
      'iptables -t nat -S DOCKER; systemctl show -p ActiveEnterTimestamp firewalld docker',
    ),
  ],
  remedies: [
    {
      id: 'restart-docker',
      title: t('Restart docker: it makes its chains anew', '重启 docker：它会重新创建自己的链'),
      risk: t('Containers restart unless live-restore is on.', '除非启用 live-restore，否则容器会重启。'),
      safety: 'disruptive',
      command: 'systemctl restart docker',
      verify: ['iptables -t nat -S DOCKER'],
    },
  ],
});
