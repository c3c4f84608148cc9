{{- define "dueline.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "dueline.headless" -}}
{{ include "dueline.fullname" . }}-replicas
{{- end -}}

{{- define "dueline.commonLabels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "dueline.labels" -}}
{{ include "dueline.commonLabels" . }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "dueline.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "dueline.testSelector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride | trunc 63 }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: test
{{- end -}}

{{- define "dueline.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "dueline.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "dueline.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* The field annotations of an object, from (list . OWN): those and what all objects have; empty
     where there are none. */}}
{{- define "dueline.annotations" -}}
{{- with merge (dict) (index . 1) (index . 0).Values.commonAnnotations -}}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end -}}
{{- end -}}

{{/* The Secret with the certificate of the gRPC port; empty: no TLS. */}}
{{- define "dueline.tlsSecret" -}}
{{- if .Values.tls.certManager.enabled -}}
{{ include "dueline.fullname" . }}-tls
{{- else -}}
{{ .Values.tls.existingSecret }}
{{- end -}}
{{- end -}}

{{- define "dueline.redisSecret" -}}
{{- if .Values.redis.auth.existingSecret -}}
{{ .Values.redis.auth.existingSecret }}
{{- else if .Values.redis.auth.password -}}
{{ include "dueline.fullname" . }}-redis
{{- end -}}
{{- end -}}

{{- define "dueline.redisPasswordKey" -}}
{{- if .Values.redis.auth.existingSecret }}{{ .Values.redis.auth.passwordKey }}{{ else }}password{{ end -}}
{{- end -}}

{{- define "dueline.principalsSecret" -}}
{{- if .Values.security.existingSecret -}}
{{ .Values.security.existingSecret }}
{{- else if .Values.security.principals -}}
{{ include "dueline.fullname" . }}-principals
{{- end -}}
{{- end -}}

{{/* The addresses of Redis. With an ACL user the password is part of them, by an expression that
     the service resolves, so that it stands in no ConfigMap. */}}
{{- define "dueline.redisHosts" -}}
{{- $redis := .Values.redis -}}
{{- $scheme := ternary "rediss" "redis" $redis.tls.enabled -}}
{{- $user := "" -}}
{{- if $redis.auth.user -}}
{{- $user = printf "%s:${DUELINE_REDIS_PASSWORD}@" (urlquery $redis.auth.user) -}}
{{- end -}}
{{- $database := "" -}}
{{- if $redis.database -}}
{{- $database = printf "/%d" (int $redis.database) -}}
{{- end -}}
{{- $hosts := list -}}
{{- range $redis.hosts -}}
{{- $hosts = append $hosts (printf "%s://%s%s%s" $scheme $user . $database) -}}
{{- end -}}
{{- join "," $hosts -}}
{{- end -}}

{{/* A value of a .properties file. Numbers come from a values file as floats, which text would
     render as 1e+06 from a million on; JSON spells them out. */}}
{{- define "dueline.property" -}}
{{- $text := ternary . (toJson .) (kindIs "string" .) -}}
{{- $text = $text | replace "\\" "\\\\" | replace "\n" "\\n" | replace "\r" "\\r" -}}
{{- /* Readers of such files drop blanks in front. */ -}}
{{- regexReplaceAll "^([ \t\f])" $text "\\${1}" -}}
{{- end -}}

{{/* How many replicas to ask for; empty: that is left to whoever set it last. While autoscaled it is
     the number that runs. Helm takes a field that a chart no longer renders out of the Deployment,
     by a three-way merge and by server-side apply alike, and Kubernetes would put 1 in its place. */}}
{{- define "dueline.replicas" -}}
{{- if .Values.autoscaling.enabled -}}
{{- $running := lookup "apps/v1" "Deployment" .Release.Namespace (include "dueline.fullname" .) -}}
{{- with $running }}{{ int .spec.replicas }}{{ end -}}
{{- else -}}
{{- int .Values.replicas -}}
{{- end -}}
{{- end -}}
