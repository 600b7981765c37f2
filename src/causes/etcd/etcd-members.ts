/** etcd's members: too few of them, or one from another life. Source: etcd server/etcdserver, rancher-docs troubleshooting-etcd, rancher/rke services/etcd.go. */
import type { Test } from '../_checks/index.ts';
import {
  spokenKey,
  statementsOf,
  helped,
  all,
  any,
  ask,
  evidenceCause,
  line,
  observed,
  on,
  stated,
  symptom,
  symptomWhere,
  t,
  without,
} from '../_checks/index.ts';

export const etcdQuorumLost = evidenceCause({
  id: 'etcd-quorum-lost',
  area: 'etcd',
  severity: 'critical',
  layer: 4,
  title: t('etcd has lost its majority', 'etcd 失去了多数派'),
  mechanism: t(
    'etcd needs more than half of its members. With too few of them started and reachable there is no leader, writes stop, and the API server fails with it.',
    'etcd 需要超过半数的成员。启动且可达的成员不足时没有领导者，写入停止，API 服务器也随之失败。',
  ),
  summary: t('Too few members of etcd can reach each other, so there is no leader.', '能够互相连通的 etcd 成员太少，因此没有领导者。'),
  sources: ['rancher-docs: troubleshooting-etcd', 'rancher/rke services/etcd.go', 'etcd raft'],
  lookAlikes: ['etcd-slow-disk', 'clock-skew', 'rke-port-check-failed'],
  signatures: [
    {
      id: 'etcd-quorum-lost/no-leader',
      grade: 'strong',
      anchors: ['etcdserver: no leader', 'raft.node: ', 'etcdserver: request timed out'],
      pattern: /etcdserver: no leader|raft\.node: [^ ]+ (?:lost leader|has no leader)|publish.*etcdserver: request timed out/i,
      matches: ['rpc error: code = Unavailable desc = etcdserver: no leader', 'publish error: etcdserver: request timed out'],
      rejects: ['raft.node: 8e9 elected leader 8e9 at term 2'],
    },
    {
      id: 'etcd-quorum-lost/rke-unhealthy',
      grade: 'strong',
      terminal: true,
      anchors: ['etcd cluster is unhealthy'],
      pattern: /etcd cluster is unhealthy: hosts \[[^\]]*\] failed to report healthy/i,
      matches: [
        '[etcd] Failed to bring up Etcd Plane: etcd cluster is unhealthy: hosts [10.0.0.1] failed to report healthy. Check etcd container logs on each host for more information',
      ],
      rejects: ['[etcd] Successfully started etcd plane..'],
    },
  ],
  lines: [
    {
      id: 'etcd-quorum-lost/election',
      grade: 'weak',
      anchors: ['is starting a new election at term'],
      pattern: /is starting a new election at term/i,
      matches: ['raft: 8e9e05c52164694d is starting a new election at term 1202'],
      rejects: ['became leader at term 2'],
    },
  ],
  confirm: [
    {
      when: ({ node }) => {
        const [reachable, count] = [node.observations['etcd.members-reachable'], node.observations['etcd.member-count']];
        if (
          reachable?.state !== 'known' ||
          count?.state !== 'known' ||
          typeof reachable.value !== 'number' ||
          typeof count.value !== 'number'
        )
          return { seen: 'unknown' };
        return reachable.value < Math.floor(count.value / 2) + 1
          ? { seen: 'yes', kind: 'state', source: reachable.source }
          : { seen: 'no', source: reachable.source };
      },
      grade: 'direct',
      says: t('Fewer than half of the members can be reached.', '可达的成员少于半数。'),
    },
    { when: observed('etcd.has-leader', (value) => value === false), grade: 'strong', says: t('There is no leader.', '没有领导者。') },
    {
      when: all(
        line('etcd-quorum-lost/election'),
        any(line('etcd-quorum-lost/no-leader'), symptom({ port: [2380, 2379], operation: 'dial', atLeast: 1 })),
      ),
      grade: 'direct',
      says: t('Elections go on without end, and peers cannot be reached.', '选举不断进行，且对等成员无法连接。'),
    },
    { when: line('etcd-quorum-lost/election'), grade: 'weak', says: t('Elections go on without end.', '选举不断进行。') },
    {
      when: stated({
        whole:
          /(?:etcd|control.?plane|server)[^.;]*(?:(?:one|two|1|2) of (?:two|three|[235]|five)[^.;]*(?:down|gone|lost|removed|off)|lost quorum|quorum (?:is )?lost|majority (?:is )?(?:lost|gone|down))|失去多数|失去仲裁/iu,
      }),
      grade: 'strong',
      says: t('It is stated that members are gone.', '陈述中提到成员已丢失。'),
    },
  ],
  refute: [
    { when: observed('etcd.healthy', (value) => value === true), says: t('etcd reports that it is healthy.', 'etcd 报告自身健康。') },
    {
      when: all(line('etcd-member-state-stale/'), without(line('etcd-quorum-lost/no-leader'))),
      says: t(
        'The member belongs to another cluster: see etcd-member-state-stale.',
        '该成员属于另一个集群：参见 etcd-member-state-stale。',
      ),
    },
  ],
  asks: [
    ask(
      'how many members are started and reachable at port 2380',
      '有多少成员已启动且 2380 端口可达',
      'etcdctl member list; for m in MEMBERS; do nc -vz -w 3 $m 2380; done',
    ),
  ],
  explains: [{ port: 2379 }, { port: 6443, errno: 'ECONNREFUSED' }],
  remedies: [
    {
      id: 'start-member',
      title: t('Start or reconnect one of the missing members', '启动或恢复一个缺失的成员'),
      risk: t('none', '无'),
      safety: 'safe',
      command: 'docker start etcd || systemctl start rke2-server',
      undo: 'docker stop etcd',
      verify: ['etcdctl endpoint health --cluster'],
    },
    {
      id: 'restore-snapshot',
      title: t('Restore a snapshot on one member, where the majority is gone for good', '若多数成员已永久丢失，则在一个成员上恢复快照'),
      risk: t('What was written since the snapshot is lost.', '快照之后写入的数据会丢失。'),
      safety: 'needs-a-person',
      command: 'rke etcd snapshot-restore --name SNAPSHOT   # RKE2: rke2 server --cluster-reset',
      verify: ['etcdctl endpoint health'],
    },
  ],
});

const clusterIdsDiffer: Test = ({ node }) => {
  const ids = statementsOf(node).filter(({ key, value }) => spokenKey(key).includes('cluster id') && /^[0-9a-f]{3,}$/iu.test(value.trim()));
  const [first] = ids;
  const other = ids.find((one) => one.value.trim() !== first?.value.trim());
  return first === undefined || other === undefined
    ? { seen: 'unknown' }
    : { seen: 'yes', kind: 'comparison', source: { kind: 'statement', key: other.key, text: `${other.key}: ${other.value}` } };
};

const memberMadeAnew: Test = stated({
  clause: [
    /etcd|control.?plane|master|member|datastore/i,
    /terminat|re-?creat|made anew|rebuil|replac|re-?provision|re-?install|new (?:instance|machine|disk|vm)|lost its (?:disk|data)|re-?imag/i,
    /one|machine|instance|node|member|vm|server|disk|anew|by terraform/i,
  ],
});
export const etcdMemberStateStale = evidenceCause({
  id: 'etcd-member-state-stale',
  area: 'etcd',
  severity: 'critical',
  layer: 4,
  title: t("The member's data directory is from another life", '成员的数据目录来自以前的集群'),
  mechanism: t(
    'The node was used before, or its machine was restored from an older copy: its data directory names a cluster or member that the others do not know, so they refuse it.',
    '该节点曾被使用过，或机器从旧副本恢复：其数据目录中的集群或成员身份不被其他成员认可，因此被拒绝。',
  ),
  summary: t('etcd starts with the data of another cluster or of a removed member.', 'etcd 使用了另一个集群或已移除成员的数据启动。'),
  sources: ['rancher-docs: troubleshooting-etcd', 'etcd server/etcdserver', 'k3s-io/k3s pkg/etcd'],
  lookAlikes: ['etcd-quorum-lost', 'leftover-rke-cluster', 'node-name-conflict', 'etcd-bind-address-absent'],
  consequenceOf: ['etcd-bind-address-absent'],
  signatures: [
    {
      id: 'etcd-member-state-stale/mismatch',
      grade: 'direct',
      anchors: [
        'cluster ID mismatch',
        'already been bootstrapped',
        'the member has been permanently removed',
        'the member has been removed',
        'data-dir used by this member must be removed',
        'failed to find member',
        'duplicate node name found',
        'unmatched member while checking PeerURLs',
        'member count is unequal',
        'Peer URLs already exists',
      ],
      pattern:
        /cluster ID mismatch|member [^ ]+ has already been bootstrapped|the member has been (?:permanently )?removed\b|data-dir used by this member must be removed|rafthttp: failed to find member|etcd cluster join failed: duplicate node name found|unmatched member while checking PeerURLs|member count is unequal|etcdserver: Peer URLs already exists/i,
      matches: [
        'rafthttp: request cluster ID mismatch (got 1a want 2b)',
        'member c4a5 has already been bootstrapped',
        'etcdserver: Peer URLs already exists',
        'raft: the member has been removed',
        'etcdserver: the data-dir used by this member must be removed.',
      ],
      rejects: ['rafthttp: started HTTP pipelining with peer c4a5'],
    },
  ],
  lines: [
    {
      // What etcdctl prints where the member it asks takes no part in a cluster.
      id: 'etcd-member-state-stale/unavailable',
      grade: 'weak',
      anchors: ['etcd cluster is unavailable or misconfigured', 'cluster may be unhealthy'],
      pattern: /etcd cluster is unavailable or misconfigured|cluster may be unhealthy/,
      matches: ['Error:  client: etcd cluster is unavailable or misconfigured'],
      rejects: ['cluster is healthy'],
    },
  ],
  confirm: [
    {
      when: all(
        memberMadeAnew,
        any(
          symptomWhere((one) => one.component === 'etcd' || /etcd|:23(?:79|80)\b/u.test(one.evidence[0]?.text ?? '')),
          line('etcd-quorum-lost/'),
          line('etcd-member-state-stale/unavailable'),
        ),
      ),
      grade: 'direct',
      says: t('The machine of a member was made anew, and etcd does not take it.', '某成员所在机器被重新创建，而 etcd 不接受它。'),
    },
    { when: memberMadeAnew, grade: 'strong', says: t('The machine of a member was made anew.', '某成员所在机器被重新创建。') },
    {
      when: stated({
        clause: [
          /data[- ]?dir(?:ectory)?|data of|etcd data/i,
          /belong(?:s|ed)|(?:from|of) (?:the |an? )?(?:other|another|former|old|earlier|previous|first|different)/i,
          /etcd|member|token/i,
        ],
      }),
      grade: 'direct',
      says: t('The data directory is told to be from another cluster.', '陈述中提到数据目录来自另一个集群。'),
    },
    { when: clusterIdsDiffer, grade: 'direct', says: t('Members are told with different cluster IDs.', '各成员的集群 ID 不同。') },
    {
      when: stated(
        { clause: [/peer ?urls?/i, /exist|already|taken|duplicate/i] },
        {
          clause: [
            /member/i,
            /unstarted|removed|re-?added|add(?:ed)? again|bootstrapped|already exists|never removed|without[^.;]*remove/i,
          ],
        },
      ),
      grade: 'strong',
      says: t('The member list is told to hold an old entry.', '陈述中提到成员列表中有旧条目。'),
    },
    {
      when: helped(
        /member (?:remove|add|update)|remov\w+ [^.;]*member|(?:rm|delet|remov|mov|wip)\w* [^.;]*(?:data[- ]?dir|\/var\/lib\/etcd|etcd data)/i,
      ),
      grade: 'direct',
      says: t('Putting the member list or the data directory right helped.', '修正成员列表或数据目录后恢复。'),
    },
    {
      when: on('etcd.data-dir-older-than-cluster'),
      grade: 'strong',
      says: t('The data directory is older than the cluster.', '数据目录早于集群。'),
    },
    {
      when: stated({
        whole:
          /etcd[^.;]*(?:data|dir|volume|disk|member)[^.;]*(?:lost|wiped|deleted|removed|erased|cleaned|emptied|gone|fresh|empty|re-?created|re-?provisioned|tmpfs)/iu,
      }),
      grade: 'strong',
      says: t(
        'It is stated that the data of a member went away while its entry in the list stayed.',
        '陈述中提到成员的数据已丢失，而成员列表中的条目仍在。',
      ),
    },
    {
      when: stated(
        {
          whole:
            /(?:member ?list|etcdctl member|member)[^.;]*(?:still|old|stale|dead|removed|unstarted|not (?:in|listed)|twice|duplicate)|(?:removed|deleted)[^.;]*(?:from|out of) (?:the )?(?:etcd|member|cluster)[^.;]*(?:re-?join|join|add|came back)/iu,
        },
        { key: /initial.?cluster.?state/, value: /new|existing/i },
      ),
      grade: 'strong',
      says: t('It is stated that the member list and the member do not agree.', '陈述中提到成员列表与成员本身不一致。'),
    },
    { when: on('etcd.restored'), grade: 'weak', says: t('The machine or the data was restored from a copy.', '机器或数据从副本恢复。') },
  ],
  asks: [
    ask(
      'whether the member list names this member, and how old its data directory is',
      '成员列表中是否有该成员，以及其数据目录的时间',
      'etcdctl member list; ls -ld --time-style=full-iso /var/lib/etcd/member /var/lib/rancher/*/server/db/etcd',
    ),
  ],
  explains: [{ port: 2379 }],
  remedies: [
    {
      id: 're-add-member',
      title: t('Remove the old member, move its data directory away, and join it again', '移除旧成员，移走其数据目录，然后重新加入'),
      risk: t('The data of that member is set aside: the others must have the majority.', '该成员的数据被移走：其余成员必须构成多数派。'),
      safety: 'needs-a-person',
      command: 'etcdctl member list && etcdctl member remove ID && mv /var/lib/etcd /var/lib/etcd.culprit',
      undo: 'mv /var/lib/etcd.culprit /var/lib/etcd',
      verify: ['etcdctl endpoint health --cluster'],
    },
  ],
});
