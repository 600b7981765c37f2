/** An admission webhook has nobody behind it. Source: kubernetes/website, Dynamic Admission Control. */
import { all, ask, evidenceCause, line, on, stated, t, without } from '../_checks/index.ts';

export const webhookNoEndpoints = evidenceCause({
  id: 'webhook-no-endpoints',
  area: 'ports',
  severity: 'high',
  layer: 8,
  title: t('An admission webhook has no pods behind it', '准入 webhook 后面没有可用的 Pod'),
  mechanism: t(
    'The API server must ask a Service whose pods are not Ready. With failurePolicy Fail every matching write stops, sometimes that of the very pods that would serve it.',
    'API Server 必须询问某个 Service，而其 Pod 未就绪。failurePolicy 为 Fail 时，所有匹配的写入都会停止，有时恰恰包括本应提供服务的那些 Pod。',
  ),
  summary: t('The Service of an admission webhook has no ready endpoints.', '准入 webhook 的 Service 没有就绪的 Endpoints。'),
  sources: ['kubernetes/website: Dynamic Admission Control'],
  lookAlikes: ['proxy-catches-internal-traffic', 'cidr-overlap', 'firewalld-active', 'vxlan-udp-blocked'],
  signatures: [
    {
      id: 'webhook-no-endpoints/no-endpoints',
      grade: 'direct',
      anchors: ['no endpoints available for service'],
      pattern:
        /(?:failed calling webhook|failed to call webhook|calling webhook)[^\n]{0,300}no endpoints available for service \\?"(?<name>[^"\\]+)/i,
      matches: [
        'Internal error occurred: failed calling webhook "validate.example.org": failed to call webhook: Post "https://hook.ns.svc:443/validate?timeout=10s": no endpoints available for service "hook"',
      ],
      rejects: ['no endpoints available for service "web"'],
    },
    {
      id: 'webhook-no-endpoints/refused',
      grade: 'strong',
      anchors: ['failed calling webhook', 'failed to call webhook'],
      pattern: /failed (?:calling|to call) webhook[^\n]{0,300}connection refused/i,
      matches: [
        'failed calling webhook "validate.example.org": Post "https://hook.ns.svc:443/validate": dial tcp 10.43.7.8:443: connect: connection refused',
      ],
      rejects: ['dial tcp 10.43.7.8:443: connect: connection refused'],
    },
  ],
  lines: [
    {
      id: 'webhook-no-endpoints/no-answer',
      grade: 'weak',
      anchors: ['failed calling webhook', 'failed to call webhook'],
      pattern:
        /failed (?:calling|to call) webhook[^\n]{0,300}(?:context deadline exceeded|i\/o timeout|Client\.Timeout|EOF|proxyconnect|Forbidden|Service Unavailable|Bad Gateway)/i,
      matches: [
        'failed calling webhook "validate.example.org": Post "https://hook.ns.svc:443/validate?timeout=10s": context deadline exceeded',
      ],
      rejects: ['context deadline exceeded'],
    },
  ],
  confirm: [
    {
      when: stated({
        whole: /webhook[^.;]*(?:no endpoints|not ready|not running|pods? (?:are |is )?(?:down|missing|deleted|gone)|crash)/i,
      }),
      grade: 'strong',
      says: t('It is stated that the pods of the webhook are down.', '陈述中提到 webhook 的 Pod 不可用。'),
    },
    {
      when: all(line('webhook-no-endpoints/no-answer'), without(on('proxy.set'))),
      grade: 'hint',
      says: t('A webhook gives no answer.', '某个 webhook 没有应答。'),
    },
  ],
  refute: [
    {
      when: stated(
        { whole: /webhook[^.;]*(?:endpoints? (?:are )?ready|pods? (?:are |is )?(?:running|ready|up)|running)/i },
        { key: /webhook.*(?:pod|endpoint|service)/, value: /^(?:running|ready|yes|up|1\/1)/i },
      ),
      says: t(
        'The endpoints of the webhook are ready: the call goes elsewhere (proxy, address ranges, control plane without pod network).',
        'webhook 的 Endpoints 已就绪：请求去了别处（代理、地址段重叠、控制平面没有 Pod 网络）。',
      ),
    },
  ],
  asks: [
    ask(
      'Has the Service of the webhook ready endpoints, and does the API server have proxy variables?',
      'webhook 的 Service 是否有就绪的 Endpoints？API Server 是否设置了代理变量？',
      'kubectl get endpoints -A | grep -i webhook; kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations; tr "\\0" "\\n" < /proc/$(pgrep -xo kube-apiserver)/environ | grep -i proxy',
    ),
  ],
  remedies: [
    {
      id: 'bring-pods-up',
      title: t('Bring the pods of the webhook up by their own reason', '按其自身原因恢复 webhook 的 Pod'),
      risk: t('None.', '无。'),
      safety: 'needs-a-person',
      command: 'kubectl -n NAMESPACE describe pods',
      verify: ['kubectl -n NAMESPACE get endpoints'],
    },
    {
      id: 'delete-configuration',
      title: t('Last resort: save and delete the webhook configuration', '最后手段：备份并删除 webhook 配置'),
      risk: t('Its policy is not enforced meanwhile.', '期间其策略不会生效。'),
      safety: 'needs-a-person',
      command:
        'kubectl get validatingwebhookconfiguration NAME -o yaml > webhook.culprit.yaml && kubectl delete validatingwebhookconfiguration NAME',
      undo: 'kubectl apply -f webhook.culprit.yaml',
      verify: ['kubectl get validatingwebhookconfigurations'],
    },
  ],
});
