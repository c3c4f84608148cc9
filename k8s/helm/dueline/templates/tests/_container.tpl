{{- define "dueline.testContainer" -}}
image: {{ include "dueline.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
{{- with .Values.command }}
command:
  {{- toYaml . | nindent 2 }}
{{- end }}
env:
  - name: DUELINE_SERVER
    value: {{ printf "%s:%d" (include "dueline.fullname" .) (int .Values.service.port) | quote }}
  {{- if .Values.tls.existingSecret }}
  - name: DUELINE_TLS
    value: "true"
  {{- if .Values.test.caKey }}
  - name: DUELINE_CA
    value: /etc/dueline/tls/ca.crt
  {{- end }}
  {{- end }}
  {{- if .Values.test.clientSecret }}
  - name: DUELINE_CERT
    value: /etc/dueline/client/tls.crt
  - name: DUELINE_KEY
    value: /etc/dueline/client/tls.key
  {{- end }}
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
  {{- if and .Values.tls.existingSecret .Values.test.caKey }}
  - name: tls
    mountPath: /etc/dueline/tls
    readOnly: true
  {{- end }}
  {{- if .Values.test.clientSecret }}
  - name: client
    mountPath: /etc/dueline/client
    readOnly: true
  {{- end }}
{{- end -}}
