{{/* The name of a service in environment variables. */}}
{{- define "centre.upper" -}}{{ . | upper | replace "-" "_" }}{{- end }}

{{/* "true" for a process that serves intake: it keeps files and sends messages. */}}
{{- define "centre.isWindow" -}}
{{- if and (has "window" .use) (has "intake" .services) }}true{{ end }}
{{- end }}

{{/* miniProgrammeUrl: mini-programme. */}}
{{- define "centre.gateway" -}}{{ . | trimSuffix "Url" | kebabcase }}{{- end }}

{{/*
Which files of the Secret a process reads: for each, an item of the volume and a variable that names it.
Call with (dict "root" $ "p" profile "services" (list …) "use" (list "database" "nats" "desk" "window" "system" "owner" "smoke")).
*/}}
{{- define "centre.secretItems" -}}
{{- $desk := or (has "federation" .services) (has "system" .use) -}}
{{- range .services }}
{{- if has "database" $.use }}
- {key: database-{{ . }}-password, path: database-{{ . }}-password}
{{- end }}
{{- if has "nats" $.use }}
- {key: nats-{{ . }}.creds, path: nats-{{ . }}.creds}
{{- end }}
{{- end }}
{{- if and (has "desk" .use) $desk }}
{{- range tuple "node.json" "node-signing.seed" "node-sealing.seed" "federation.creds" }}
- {key: {{ . }}, path: {{ . }}}
{{- end }}
{{- if .root.Values.parent }}
- {key: parent.json, path: parent.json}
{{- end }}
{{- end }}
{{- if has "system" .use }}
- {key: system.creds, path: system.creds}
{{- end }}
{{- if include "centre.isWindow" . }}
{{- if eq .p.attachments.mode "s3" }}
- {key: attachments-secret-key, path: attachments-secret-key}
{{- end }}
{{- range $key, $url := .p.notifications }}{{- if $url }}
{{- $name := include "centre.gateway" $key }}
- {key: notifications-{{ $name }}-token, path: notifications-{{ $name }}-token}
{{- end }}{{ end }}
{{- end }}
{{- if and (has "owner" .use) (ne .p.postgres.mode "cnpg") }}
- {key: database-owner-url, path: database-owner-url}
{{- end }}
{{- end }}

{{- define "centre.env" -}}
- name: FENGQIAO_CONFIG
  value: /etc/fengqiao/fengqiao.toml
{{- if .p.trust }}
- name: SSL_CERT_FILE
  value: /etc/fengqiao/trust.pem
# The image's own.
- name: SSL_CERT_DIR
  value: /etc/ssl/certs
{{- end }}
{{- range .services }}
{{- if has "database" $.use }}
- name: FENGQIAO__DATABASE__SERVICES__{{ include "centre.upper" . }}__PASSWORD_FILE
  value: /etc/fengqiao/secret/database-{{ . }}-password
{{- end }}
{{- if has "nats" $.use }}
- name: FENGQIAO__NATS__SERVICES__{{ include "centre.upper" . }}__CREDENTIALS_FILE
  value: /etc/fengqiao/secret/nats-{{ . }}.creds
{{- end }}
{{- end }}
{{- if and (has "desk" .use) (or (has "federation" .services) (has "system" .use)) }}
- name: FENGQIAO__FEDERATION__DIRECTORY
  value: /etc/fengqiao/secret
{{- end }}
{{- if include "centre.isWindow" . }}
{{- if eq .p.attachments.mode "volume" }}
- name: FENGQIAO__ATTACHMENTS__DIRECTORY
  value: /var/lib/fengqiao/attachments
{{- else if eq .p.attachments.mode "s3" }}
{{- $s3 := .p.attachments.s3 }}
- name: FENGQIAO__ATTACHMENTS__S3_BUCKET
  value: {{ $s3.bucket | quote }}
- name: FENGQIAO__ATTACHMENTS__S3_ENDPOINT
  value: {{ $s3.endpoint | quote }}
- name: FENGQIAO__ATTACHMENTS__S3_REGION
  value: {{ $s3.region | quote }}
- name: FENGQIAO__ATTACHMENTS__S3_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ .root.Values.secretName }}, key: attachments-access-key}}
- name: FENGQIAO__ATTACHMENTS__S3_SECRET_KEY_FILE
  value: /etc/fengqiao/secret/attachments-secret-key
{{- end }}
{{- range $key, $url := .p.notifications }}{{- if $url }}
{{- $name := include "centre.gateway" $key }}
- name: FENGQIAO__NOTIFICATIONS__{{ include "centre.upper" $name }}_URL
  value: {{ $url | quote }}
- name: FENGQIAO__NOTIFICATIONS__{{ include "centre.upper" $name }}_TOKEN_FILE
  value: /etc/fengqiao/secret/notifications-{{ $name }}-token
{{- end }}{{ end }}
{{- end }}
{{- if has "owner" .use }}
- name: FENGQIAO__DATABASE__ADMIN_URL_FILE
  value: /etc/fengqiao/secret/database-owner-url
{{- end }}
{{- end }}

{{/* Mounts and volumes of a process of ours: configuration, its part of the Secret, a little space. */}}
{{- define "centre.mounts" -}}
- {name: config, mountPath: /etc/fengqiao, readOnly: true}
- {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "centre.volumes" -}}
- name: config
  projected:
    defaultMode: 288
    sources:
      - configMap:
          name: {{ .root.Release.Name }}-config
      {{- if .p.policy }}
      - configMap:
          name: {{ .root.Release.Name }}-policy
          items:
            {{- range $path, $_ := .p.policy }}
            - key: {{ include "centre.policyKey" $path }}
              path: policy/{{ $path }}
            {{- end }}
      {{- end }}
      {{- $items := include "centre.secretItems" . | trim | fromYamlArray }}
      {{- with $items }}
      - secret:
          name: {{ $.root.Values.secretName }}
          items:
            {{- range . }}
            - key: {{ .key }}
              path: secret/{{ .path }}
            {{- end }}
      {{- end }}
      {{- if has "smoke" .use }}
      - secret:
          name: {{ .root.Values.secretName }}
          optional: true
          items:
            - key: smoke-token
              path: secret/smoke-token
      {{- end }}
      {{- if and (has "owner" .use) (eq .p.postgres.mode "cnpg") }}
      - secret:
          name: {{ .root.Release.Name }}-postgres-app
          items:
            - key: uri
              path: secret/database-owner-url
      {{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 64Mi
{{- if and (include "centre.isWindow" .) (eq .p.attachments.mode "volume") }}
- name: attachments
  persistentVolumeClaim:
    claimName: {{ include "centre.attachmentsClaim" . }}
{{- end }}
{{- end }}

{{/* Changes with what the processes read. */}}
{{- define "centre.configDigest" -}}
{{ printf "%s%s" (include "centre.configMapData" .) (include "centre.policyData" .) | sha256sum }}
{{- end }}

{{/* The pod of a Deployment: one service, or `all`. Call with (dict "root" $ "p" profile "name" … "service" settings). */}}
{{- define "centre.servicePod" -}}
{{- $services := ternary (include "centre.services" . | splitList " ") (list .name) (eq .name "all") -}}
{{- $serve := dict "root" .root "p" .p "services" $services "use" (list "database" "nats" "desk" "window") -}}
{{- $wait := dict "root" .root "p" .p "services" $services "use" (list "database") -}}
metadata:
  labels:
    {{- include "centre.selector" (dict "root" .root "component" .name) | nindent 4 }}
  annotations:
    fengqiao/config: {{ include "centre.configDigest" . }}
    fengqiao/secret-version: {{ .p.secretVersion | quote }}
spec:
  {{- include "centre.podSecurity" . | nindent 2 }}
  terminationGracePeriodSeconds: 40
  {{- if and (ne .p.spread "none") (include "centre.several" .service) }}
  topologySpreadConstraints:
    {{- range ternary (tuple "kubernetes.io/hostname" "topology.kubernetes.io/zone") (tuple "kubernetes.io/hostname") (eq .p.spread "zone") }}
    - topologyKey: {{ . }}
      maxSkew: 1
      whenUnsatisfiable: ScheduleAnyway
      matchLabelKeys: [pod-template-hash]
      labelSelector:
        matchLabels:
          {{- include "centre.selector" (dict "root" $.root "component" $.name) | nindent 10 }}
    {{- end }}
  {{- end }}
  initContainers:
    - name: wait-schema
      image: {{ include "centre.image" .root }}
      args: [wait-schema, {{ .name }}, --timeout, 10m]
      env:
        {{- include "centre.env" $wait | nindent 8 }}
      {{- include "centre.containerSecurity" . | nindent 6 }}
      resources:
        requests: {cpu: 10m, memory: 32Mi}
        limits: {memory: 128Mi}
      volumeMounts:
        {{- include "centre.mounts" . | nindent 8 }}
  containers:
    - name: fengqiao
      image: {{ include "centre.image" .root }}
      args: [serve, {{ .name }}]
      env:
        {{- include "centre.env" $serve | nindent 8 }}
      ports:
        - {name: http, containerPort: 8080}
      startupProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: {path: /livez, port: http}
        periodSeconds: 10
        timeoutSeconds: 3
      readinessProbe:
        httpGet: {path: /readyz, port: http}
        periodSeconds: 5
        timeoutSeconds: 3
      lifecycle:
        # Requests still come until every proxy knows that this pod goes.
        preStop:
          sleep: {seconds: 5}
      {{- include "centre.containerSecurity" . | nindent 6 }}
      resources:
        {{- toYaml .service.resources | nindent 8 }}
      volumeMounts:
        {{- include "centre.mounts" . | nindent 8 }}
        {{- if and (include "centre.isWindow" $serve) (eq .p.attachments.mode "volume") }}
        - {name: attachments, mountPath: /var/lib/fengqiao/attachments}
        {{- end }}
  volumes:
    {{- include "centre.volumes" $serve | nindent 4 }}
{{- end }}

{{/* The key in a ConfigMap for the path of a policy file: keys have no slashes. */}}
{{- define "centre.policyKey" -}}{{ . | replace "/" "." }}{{- end }}

{{- define "centre.attachmentsClaim" -}}
{{ .p.attachments.existingClaim | default (printf "%s-attachments" .root.Release.Name) }}
{{- end }}

{{/* What the ConfigMap of the services holds. */}}
{{- define "centre.configMapData" -}}
fengqiao.toml: |
  {{- include "centre.config" . | nindent 2 }}
{{- with .p.auth.jwks }}
jwks.json: |
  {{- . | nindent 2 }}
{{- end }}
{{- with .p.trust }}
trust.pem: |
  {{- . | trim | nindent 2 }}
{{- end }}
{{- with .p.postgres.ca }}
database-ca.pem: |
  {{- . | trim | nindent 2 }}
{{- end }}
{{- end }}

{{- define "centre.policyData" -}}
{{- range $path, $text := .p.policy }}
{{ include "centre.policyKey" $path }}: |
  {{- $text | nindent 2 }}
{{- end }}
{{- end }}
