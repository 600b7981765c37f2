/** The API server knows the caller and refuses. Source: kubernetes docs, Using RBAC Authorization. */
import { all, ask, evidenceCause, line, off, on, stated, t } from '../_checks/index.ts';

export const rbacForbidden = evidenceCause({
  id: 'rbac-forbidden',
  area: 'libc-and-clients',
  severity: 'medium',
  layer: 5,
  title: t('The API server refuses the caller for lack of rights', 'API Server 因权限不足而拒绝调用者'),
  mechanism: t(
    'Authentication worked, but no role allows this verb on this resource. The user system:anonymous means that no credential was accepted at all: then it is about certificates, not roles.',
    '认证已通过，但没有角色允许对该资源执行该操作。用户 system:anonymous 表示没有任何凭据被接受：那是证书问题，而不是角色问题。',
  ),
  summary: t('The caller is known to the API server and has no right to do this.', 'API Server 认识该调用者，但它没有执行此操作的权限。'),
  sources: ['kubernetes/website: Using RBAC Authorization'],
  lookAlikes: ['proxy-catches-internal-traffic', 'node-name-mismatch', 'ssh-key-file-unusable'],
  signatures: [
    {
      id: 'rbac-forbidden/user-cannot',
      grade: 'direct',
      anchors: [' is forbidden: User ', '"reason":"Forbidden"', 'forbidden: User '],
      pattern: /forbidden: User \\?"(?!system:anonymous|system:node:)(?<user>[^"\\]+)\\?" cannot (?<verb>[a-z]+) (?:resource|path)/,
      matches: [
        'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "shop"',
      ],
      rejects: [
        'forbidden: User "system:anonymous" cannot get path "/healthz"',
        'Post https://10.0.0.1:6443/apis: Forbidden',
        'nodes "a" is forbidden: node "b" is not allowed to modify node "a"',
      ],
    },
  ],
  lines: [
    {
      id: 'rbac-forbidden/anonymous',
      grade: 'weak',
      anchors: ['system:anonymous'],
      pattern: /forbidden: User \\?"system:anonymous\\?"/,
      matches: ['Error from server (Forbidden): nodes is forbidden: User "system:anonymous" cannot list resource "nodes"'],
      rejects: ['User "jane" cannot list resource "pods"'],
    },
  ],
  confirm: [
    { when: all(off('kube.rbac-allows')), grade: 'direct', says: t('kubectl auth can-i says no.', 'kubectl auth can-i 返回 no。') },
    {
      when: stated({ whole: /(?:role ?binding|clusterrole|rbac)[^.;]*(?:missing|absent|lacks|none|not allow)/i }),
      grade: 'strong',
      says: t('It is stated that the role binding is missing.', '陈述中提到缺少角色绑定。'),
    },
  ],
  refute: [
    { when: on('kube.rbac-allows'), says: t('kubectl auth can-i says yes.', 'kubectl auth can-i 返回 yes。') },
    {
      when: all(line('rbac-forbidden/anonymous')),
      says: t(
        'The user is system:anonymous: no credential was accepted, look at certificates and keys first.',
        '用户是 system:anonymous：没有凭据被接受，应先检查证书和密钥。',
      ),
    },
  ],
  asks: [
    ask(
      'Does auth can-i say no for that user, verb and resource?',
      '对该用户、操作和资源，auth can-i 是否返回 no？',
      'kubectl auth can-i VERB RESOURCE --as USER',
    ),
  ],
  remedies: [
    {
      id: 'narrow-role-binding',
      title: t('Add the missing role binding, as narrow as the verb', '添加缺少的角色绑定，范围尽可能小'),
      risk: t('The user may do more than before.', '该用户的权限会增加。'),
      safety: 'needs-a-person',
      command: 'kubectl create rolebinding NAME --role=ROLE --user=USER -n NAMESPACE',
      undo: 'kubectl delete rolebinding NAME -n NAMESPACE',
      verify: ['kubectl auth can-i VERB RESOURCE --as USER -n NAMESPACE'],
    },
  ],
});
