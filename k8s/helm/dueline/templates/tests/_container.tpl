{{- define "dueline.testArgs" -}}
- --server
- {{ printf "%s:%d" (include "dueline.fullname" .) (int .Values.service.port) | quote }}
{{- with .Values.test.args }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "dueline.testContainer" -}}
image: {{ include "dueline.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.command }}
command:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if or .Values.test.tokenSecret .Values.test.extraEnv }}
env:
  {{- if .Values.test.tokenSecret }}
  - name: DUELINE_TOKEN
    valueFrom:
      secretKeyRef:
        name: {{ .Values.test.tokenSecret }}
        key: {{ .Values.test.tokenKey }}
  {{- end }}
  {{- with .Values.test.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
resources:
  requests:
    cpu: 50m
    memory: 128Mi
  limits:
    memory: 512Mi
securityContext:
  {{- include "dueline.containerSecurity" . | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- if .Values.tls.existingSecret }}
  - name: tls
    mountPath: /etc/dueline/tls
    readOnly: true
  {{- end }}
{{- end -}}
