{{/* The profile in force: _base, the level's file, the centre's overrides. As YAML; read it with fromYaml. */}}
{{- define "centre.profile" -}}
{{- $base := .Files.Get "profiles/_base.yaml" | fromYaml -}}
{{- $level := .Files.Get (printf "profiles/%s.yaml" .Values.centre.level) | fromYaml -}}
{{- $profile := mustMergeOverwrite $base $level (deepCopy (.Values.overrides | default dict)) -}}
{{- include "centre.check" (dict "root" . "p" $profile) -}}
{{- $profile | toYaml -}}
{{- end }}

{{/* The services of a node, in the order of a case's way. */}}
{{- define "centre.services" -}}
intake triage mediation judicial-confirmation evaluation reporting federation
{{- end }}

{{/* The Deployments of a node: every service, or `all`. Call with the profile. */}}
{{- define "centre.components" -}}
{{- if eq .topology "combined" }}all{{ else }}{{ include "centre.services" . }}{{ end }}
{{- end }}

{{/* What holds for one Deployment: `defaults`, over them its entry under `services`. Call with (dict "p" profile "name" …). */}}
{{- define "centre.service" -}}
{{- mustMergeOverwrite (deepCopy .p.defaults) (deepCopy (get .p.services .name | default dict)) | toYaml -}}
{{- end }}

{{/* "true" when there can be more than one pod of it. Call with what centre.service gives. */}}
{{- define "centre.several" -}}
{{- if or .autoscaling.enabled (gt (int .replicas) 1) }}true{{ end }}
{{- end }}

{{/* "true" when the volume of dumps is made by this chart. Call with (dict "p" profile …). */}}
{{- define "centre.ownBackupVolume" -}}
{{- if and .p.backup.enabled (not .p.backup.existingClaim) }}true{{ end }}
{{- end }}

{{/* "true" when the migrate Job mounts that volume: not while PostgreSQL does, for one host alone may have it. */}}
{{- define "centre.migrateHasBackup" -}}
{{- if and (include "centre.ownBackupVolume" .) (not .p.postgres.restoreFrom) }}true{{ end }}
{{- end }}

{{/* "true" when it mounts our volume of files with matters: while nobody else does. */}}
{{- define "centre.migrateHasAttachments" -}}
{{- if and .p.stopped (eq .p.attachments.mode "volume") (not .p.attachments.existingClaim) }}true{{ end }}
{{- end }}

{{/* "true" when files with matters lie on a volume of ours that one host at a time can have. */}}
{{- define "centre.oneHost" -}}
{{- $a := .p.attachments -}}
{{- if and (eq $a.mode "volume") (not $a.existingClaim) (eq $a.storage.accessMode "ReadWriteOnce") }}true{{ end }}
{{- end }}

{{/* The labels pods are selected by: they never change. Call with (dict "root" $ "component" …). */}}
{{- define "centre.selector" -}}
app.kubernetes.io/name: centre
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- with .component }}
app.kubernetes.io/component: {{ . }}
{{- end }}
{{- end }}

{{/* The labels of objects. Not for pods: a new version of the chart alone restarts nothing. */}}
{{- define "centre.labels" -}}
{{ include "centre.selector" . }}
app.kubernetes.io/part-of: fengqiao
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version | replace "+" "_" }}
fengqiao/code: {{ .root.Values.centre.code | quote }}
fengqiao/level: {{ .root.Values.centre.level }}
{{- end }}

{{- define "centre.image" -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- end }}

{{- define "centre.postgresImage" -}}
{{- $image := .Values.image.postgres -}}
{{ $image.repository }}{{ with $image.tag }}:{{ . }}{{ end }}@{{ $image.digest }}
{{- end }}

{{/* Of every pod: what the restricted Pod Security Standard wants, and who may pull. */}}
{{- define "centre.podSecurity" -}}
serviceAccountName: {{ .root.Release.Name }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
{{- with .p.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .p.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .p.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Of every container. */}}
{{- define "centre.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
{{- end }}

{{/* Host, port and database of PostgreSQL. */}}
{{- define "centre.databaseHost" -}}
{{- if eq .p.postgres.mode "external" -}}
{{ .p.postgres.host }}
{{- else if eq .p.postgres.mode "cnpg" -}}
{{ .root.Release.Name }}-postgres-rw:5432/fengqiao
{{- else -}}
{{ .root.Release.Name }}-postgres:5432/fengqiao
{{- end -}}
{{- end }}

{{/* The port of an address like https://host/path or tls://host:7422. */}}
{{- define "centre.port" -}}
{{- $hostport := (split "/" (regexReplaceAll "^[a-z]+://" . ""))._0 -}}
{{- if regexMatch ":[0-9]+$" $hostport -}}
{{ regexFind "[0-9]+$" $hostport }}
{{- else if hasPrefix "http://" . -}}
80
{{- else -}}
443
{{- end -}}
{{- end }}

{{/* Bytes of a size like 5Gi. */}}
{{- define "centre.bytes" -}}
{{- $unit := dict "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 -}}
{{- mul (regexFind "^[0-9]+" . | int64) (get $unit (regexFind "[A-Z]i$" .) | int64) -}}
{{- end }}

{{/* Bytes that nats-server may store: nine tenths of its volume. */}}
{{- define "centre.streamBytes" -}}
{{- div (mul (include "centre.bytes" .nats.storage.size | int64) 9) 10 -}}
{{- end }}

{{/* What the schema cannot say. Every render goes through it. */}}
{{- define "centre.check" -}}
{{- $p := .p -}}{{- $v := .root.Values -}}
{{- if gt (len .root.Release.Name) 40 }}{{ fail (printf "the release's name %q is longer than 40 characters: names of objects would become too long; take centre-%s" .root.Release.Name $v.centre.code) }}{{ end }}
{{- with $v.parent }}
{{- if or $v.centre.root (eq $v.centre.level "province") }}{{ fail "parent is given, but no node stands above a province or a centre with centre.root: true" }}{{ end }}
{{- if or (eq .code $v.centre.code) (not (hasPrefix .code $v.centre.code)) }}{{ fail (printf "parent.code %q is not above centre.code %q: the code of the node above is its beginning" .code $v.centre.code) }}{{ end }}
{{- end }}
{{- if not $p.auth.issuer }}{{ fail "overrides.auth.issuer is required: who signs the tokens (k8s/fleet.yaml sets it for a whole fleet)" }}{{ end }}
{{- if eq (empty $p.auth.jwksUrl) (empty $p.auth.jwks) }}{{ fail "one of overrides.auth.jwksUrl and overrides.auth.jwks is required, not both: the keys of the issuer" }}{{ end }}
{{- if and (not $v.image.postgres) (or (ne $p.postgres.mode "external") $p.backup.enabled) }}{{ fail "image.postgres is required: for postgres.mode internal and cnpg, and for backups (overrides.backup.enabled: false is for sites whose database is backed up by somebody else)" }}{{ end }}
{{- if and (eq $p.postgres.mode "cnpg") (not (dig "postgres" "tag" "" $v.image)) }}{{ fail "image.postgres.tag is required with postgres.mode cnpg: the operator reads the major version from it" }}{{ end }}
{{- if and (eq $p.postgres.mode "external") (not $p.postgres.host) }}{{ fail "overrides.postgres.host is required with postgres.mode external: host:port/database" }}{{ end }}
{{- if and $p.postgres.ca (ne $p.postgres.mode "external") }}{{ fail "overrides.postgres.ca is for postgres.mode external: the others are spoken to inside the namespace" }}{{ end }}
{{- if and $p.postgres.restoreFrom (ne $p.postgres.mode "internal") }}{{ fail "overrides.postgres.restoreFrom works with postgres.mode internal only; k8s/runbooks/restore.md says how to restore into another database" }}{{ end }}
{{- if and $p.postgres.restoreFrom (not $p.backup.enabled) (not $p.backup.existingClaim) }}{{ fail "overrides.postgres.restoreFrom needs the volume with the dump: backup.enabled, or backup.existingClaim" }}{{ end }}
{{- if and $p.ingress.enabled (not $p.ingress.host) }}{{ fail "overrides.ingress.host is required when overrides.ingress.enabled is true" }}{{ end }}
{{- $s3 := $p.attachments.s3 -}}
{{- if and (eq $p.attachments.mode "s3") (not (and $s3.endpoint $s3.bucket)) }}{{ fail "overrides.attachments.s3 needs endpoint and bucket with attachments.mode s3" }}{{ end }}
{{- $window := include "centre.service" (dict "p" $p "name" "intake") | fromYaml -}}
{{- if and (include "centre.oneHost" .) (include "centre.several" $window) }}{{ fail "overrides.attachments.storage.accessMode ReadWriteOnce allows one pod of intake: take ReadWriteMany, an existingClaim that several pods can have, or mode s3" }}{{ end }}
{{- if and $p.keda.enabled (not $p.keda.prometheusUrl) }}{{ fail "overrides.keda.prometheusUrl is required when overrides.keda.enabled is true" }}{{ end }}
{{- if and $p.loadtest.enabled (not (and $v.image.loadtest $p.loadtest.target $p.loadtest.tokensSecret $p.loadtest.testTargets)) }}{{ fail "overrides.loadtest.enabled needs image.loadtest, overrides.loadtest.target, overrides.loadtest.tokensSecret and overrides.loadtest.testTargets; it is for centres that exist for tests" }}{{ end }}
{{- if and (eq $p.topology "combined") $p.services }}{{ fail "overrides.services has no effect with topology combined: one process runs all services; use overrides.defaults" }}{{ end }}
{{- range $name := tuple "region" "name" }}
{{- if hasKey (dig "node" dict $p.config) $name }}{{ fail (printf "overrides.config.node.%s is set from centre.code and centre.name" $name) }}{{ end }}
{{- end }}
{{- end }}
