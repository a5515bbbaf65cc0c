{{/*
nats.conf. Accounts and the resolver come from the Secret, as `fengqiao federation server-config` would print them.
Paths of `include` are relative to the folder of this file, /etc/nats; all others are absolute.
*/}}
{{- define "centre.natsConfig" -}}
{{- $p := .p -}}{{- $root := .root -}}{{- $code := .root.Values.centre.code -}}{{- $nats := .p.nats -}}
{{- $several := gt (int $nats.replicas) 1 -}}
{{- if not $several -}}
server_name: "fengqiao-{{ $code }}"
{{ end -}}
listen: "0.0.0.0:4222"
http: "0.0.0.0:8222"
pid_file: "/tmp/nats.pid"
max_payload: 1048576
lame_duck_duration: "30s"
lame_duck_grace_period: "5s"
jetstream {
  store_dir: "/data/jetstream"
  domain: c{{ $code }}
  max_file_store: {{ include "centre.streamBytes" $p }}
  # A message is on disk before it is acknowledged; otherwise a power cut loses up to two minutes.
  sync_interval: always
}
include "secret/accounts.conf"
{{- if $several }}
cluster {
  name: "fengqiao-{{ $code }}"
  listen: "0.0.0.0:6222"
  authorization { user: routes, password: $ROUTES_PASSWORD, timeout: 5 }
  routes: [ {{ range $i := until (int $nats.replicas) }}{{ if $i }}, {{ end }}$ROUTE_{{ $i }}{{ end }} ]
}
{{- end }}
{{- if $nats.websocket.enabled }}
websocket {
  listen: "0.0.0.0:8443"
  {{- include "centre.natsTls" . | nindent 2 }}
}
{{- end }}
{{- if or $nats.leafs.enabled $nats.websocket.enabled $root.Values.parent }}
{{- if $root.Values.parent }}
include "secret/link.conf"
{{- end }}
leafnodes {
  {{- if $nats.leafs.enabled }}
  listen: "0.0.0.0:7422"
  {{- include "centre.natsTls" . | nindent 2 }}
  {{- end }}
  reconnect: "1s"
  {{- with $root.Values.parent }}
  remotes: [ {
    urls: [ {{ .url | quote }} ]
    credentials: "/etc/nats/secret/parent.creds"
    account: $link_account
    ignore_discovered_servers: true
    {{- if not .publicCa }}
    tls { ca_file: "/etc/nats/secret/parent-ca.pem" }
    {{- end }}
  } ]
  {{- end }}
}
{{- end }}
{{- end }}

{{- define "centre.natsTls" -}}
tls {
  cert_file: "/etc/nats/secret/leaf.crt"
  key_file: "/etc/nats/secret/leaf.key"
  min_version: "1.3"
  timeout: 5
}
{{- end }}
