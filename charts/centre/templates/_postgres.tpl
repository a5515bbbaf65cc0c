{{- define "centre.postgresFiles" -}}
passwd: |
  root:x:0:0:root:/root:/sbin/nologin
  postgres:x:65532:65532:PostgreSQL:/tmp:/sbin/nologin
{{- if eq .p.postgres.mode "internal" }}
postgres-start.sh: |
  {{- .root.Files.Get "files/postgres-start.sh" | nindent 2 }}
postgresql.conf: |
  listen_addresses = '*'
  unix_socket_directories = '/run/postgresql'
  max_connections = {{ .p.postgres.maxConnections }}
  {{- range $key, $value := .p.postgres.parameters }}
  {{ $key }} = '{{ $value | replace "'" "''" }}'
  {{- end }}
pg_hba.conf: |
  # The socket is inside the pod.
  local all all trust
  host all all all scram-sha-256
{{- end }}
{{- if .p.backup.enabled }}
backup.sh: |
  {{- .root.Files.Get "files/backup.sh" | nindent 2 }}
drill.sh: |
  {{- .root.Files.Get "files/drill.sh" | nindent 2 }}
{{- end }}
{{- end }}

{{- define "centre.postgresVolumes" -}}
- name: passwd
  configMap:
    name: {{ .root.Release.Name }}-postgres
    items:
      - {key: passwd, path: passwd}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
{{- end }}
