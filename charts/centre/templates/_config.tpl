{{/* A value in TOML. Numbers of YAML files arrive as floats, also whole ones. */}}
{{- define "centre.tomlValue" -}}
{{- if kindIs "string" . -}}{{ . | toRawJson }}
{{- else if kindIs "bool" . -}}{{ . }}
{{- else if kindIs "slice" . -}}[{{ range $i, $v := . }}{{ if $i }}, {{ end }}{{ include "centre.tomlValue" $v }}{{ end }}]
{{- else if eq (float64 .) (floor .) -}}{{ int64 . }}
{{- else -}}{{ . }}
{{- end -}}
{{- end }}

{{/* fengqiao.toml. Secrets are not in it: each pod is told by its environment which files of the Secret are its own. */}}
{{- define "centre.config" -}}
{{- $p := .p -}}{{- $root := .root -}}
{{- $auth := dict "issuer" $p.auth.issuer "audience" $p.auth.audience -}}
{{- if $p.auth.jwks }}{{ $_ := set $auth "jwks_file" "/etc/fengqiao/jwks.json" }}{{ else }}{{ $_ := set $auth "jwks_url" $p.auth.jwksUrl }}{{ end -}}
{{- /* EVENTS, UP and DOWN share what nats-server may store. What EVENTS lets go is in the outboxes. */ -}}
{{- $stored := include "centre.streamBytes" $p | int64 -}}
{{- $own := dict
  "node" (dict "region" $root.Values.centre.code "name" $root.Values.centre.name)
  "http" (dict "listen" "0.0.0.0:8080" "trust_forwarded_for" $p.ingress.enabled)
  "auth" $auth
  "database" (dict "url" (printf "postgres://%s" (include "centre.databaseHost" .)))
  "nats" (dict "url" (printf "nats://%s-nats:4222" $root.Release.Name) "replicas" $p.nats.replicas "max_bytes" (div (mul $stored 19) 100) "max_age" "30d")
  "federation" (dict "max_bytes" (div (mul $stored 2) 5))
-}}
{{- if $p.postgres.ca }}{{ $_ := set $own.database "ca_file" "/etc/fengqiao/database-ca.pem" }}{{ end }}
{{- if $p.policy }}{{ $_ := set $own "policy" (dict "dir" "/etc/fengqiao/policy") }}{{ end }}
# {{ $root.Values.centre.name }}: written by the chart from the profile of a {{ $root.Values.centre.level }}. Keys: docs/configuration.md.
{{- range $section, $keys := mustMergeOverwrite $own (deepCopy $p.config) }}

[{{ $section }}]
{{- range $key, $value := $keys }}
{{ $key }} = {{ include "centre.tomlValue" $value }}
{{- end }}
{{- end }}
{{- end }}
