{{/* Peers of a rule. Call with a list of {cidr: …} and {namespace: …}. */}}
{{- define "centre.peers" -}}
{{- range . }}
{{- if .cidr }}
- ipBlock: {cidr: {{ .cidr | quote }}}
{{- else }}
- namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{ .namespace | quote }}}}
{{- end }}
{{- end }}
{{- end }}

{{/* Pods of this release. Call with (dict "root" $ "components" (list …)). */}}
{{- define "centre.pods" -}}
matchLabels:
  {{- include "centre.selector" (dict "root" .root) | nindent 2 }}
matchExpressions:
  - key: app.kubernetes.io/component
    operator: In
    values: [{{ join ", " .components }}]
{{- end }}

{{- define "centre.policyMeta" -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .root.Release.Name }}-{{ .policy }}
  labels:
    {{- include "centre.labels" (dict "root" .root) | nindent 4 }}
{{- end }}
