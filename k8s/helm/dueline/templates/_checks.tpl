{{/* What a schema cannot say. Each message names what to set. */}}
{{- define "dueline.checks" -}}
{{- $redis := .Values.redis -}}
{{- $security := .Values.security -}}
{{- $isAuthenticated := or $security.existingSecret $security.principals $security.jwt.issuer -}}
{{- if not $redis.hosts -}}
{{- fail "redis.hosts is missing: set host:port of your Redis, of its sentinels or of nodes of its cluster. The embedded Redis would lose its jobs with the pod." -}}
{{- end -}}
{{- if and (eq $redis.topology "sentinel") (not $redis.masterName) -}}
{{- fail "redis.masterName is missing: set the name under which the sentinels know the primary." -}}
{{- end -}}
{{- if and (ne $redis.topology "sentinel") $redis.masterName -}}
{{- fail "redis.masterName has a meaning with redis.topology=sentinel only." -}}
{{- end -}}
{{- if and (eq $redis.topology "cluster") $redis.database -}}
{{- fail "redis.database must be 0 with redis.topology=cluster." -}}
{{- end -}}
{{- if and (eq $redis.topology "single") (gt (len $redis.hosts) 1) -}}
{{- fail "redis.hosts has several entries: set redis.topology to sentinel or cluster." -}}
{{- end -}}
{{- if and $redis.auth.existingSecret $redis.auth.password -}}
{{- fail "redis.auth.existingSecret and redis.auth.password exclude each other." -}}
{{- end -}}
{{- if and $redis.auth.user (not (include "dueline.redisSecret" .)) -}}
{{- fail "redis.auth.user has no password: set redis.auth.existingSecret." -}}
{{- end -}}
{{- if and (or $redis.tls.caSecret $redis.tls.clientSecret) (not $redis.tls.enabled) -}}
{{- fail "redis.tls.caSecret and redis.tls.clientSecret need redis.tls.enabled=true." -}}
{{- end -}}
{{- if and (not $isAuthenticated) (not $security.insecure) -}}
{{- fail "Nobody can be authenticated: set security.existingSecret (a Secret with principals.properties), security.principals or security.jwt; or security.insecure=true to leave the service open to everybody who reaches it." -}}
{{- end -}}
{{- if and $isAuthenticated $security.insecure -}}
{{- fail "security.insecure=true contradicts security.existingSecret, security.principals and security.jwt: unset one." -}}
{{- end -}}
{{- if and $security.existingSecret $security.principals -}}
{{- fail "security.existingSecret and security.principals exclude each other." -}}
{{- end -}}
{{- if and $security.jwt.issuer (not (and $security.jwt.audience $security.jwt.keys)) -}}
{{- fail "security.jwt needs issuer, audience and keys." -}}
{{- end -}}
{{- if and (not $security.jwt.issuer) (or $security.jwt.audience $security.jwt.keys) -}}
{{- fail "security.jwt needs issuer, audience and keys." -}}
{{- end -}}
{{- if and (ne .Values.tls.clientAuth "none") (not (include "dueline.tlsSecret" .)) -}}
{{- fail "tls.clientAuth needs tls.existingSecret or tls.certManager: client certificates come with TLS only." -}}
{{- end -}}
{{- if and .Values.tls.clientCaSecret (eq .Values.tls.clientAuth "none") -}}
{{- fail "tls.clientCaSecret needs tls.clientAuth=required or optional." -}}
{{- end -}}
{{- if and .Values.tls.certManager.enabled .Values.tls.existingSecret -}}
{{- fail "tls.existingSecret and tls.certManager exclude each other." -}}
{{- end -}}
{{- if and .Values.tls.certManager.enabled (not .Values.tls.certManager.issuerRef.name) -}}
{{- fail "tls.certManager.issuerRef.name is missing." -}}
{{- end -}}
{{- if and .Values.grpcRoute.enabled (not .Values.grpcRoute.parentRefs) -}}
{{- fail "grpcRoute.parentRefs is missing: name the Gateway." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.hosts is missing." -}}
{{- end -}}
{{- if and .Values.console.enabled (has (int .Values.console.port) (list 9000 9090)) -}}
{{- fail "console.port is that of gRPC or of health and metrics: set another." -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled .Values.podMonitor.enabled -}}
{{- fail "serviceMonitor and podMonitor exclude each other: replicas would be scraped twice." -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (not .Values.autoscaling.targetCPUUtilizationPercentage) (not .Values.autoscaling.metrics) -}}
{{- fail "autoscaling has no metric: set targetCPUUtilizationPercentage or metrics." -}}
{{- end -}}
{{- range $name, $principal := $security.principals -}}
{{- if not (or $principal.tokenSha256 $principal.certificates) -}}
{{- fail (printf "security.principals.%s needs tokenSha256 or certificates." $name) -}}
{{- end -}}
{{- if and $principal.certificates (eq $.Values.tls.clientAuth "none") -}}
{{- fail (printf "security.principals.%s has certificates: set tls.clientAuth." $name) -}}
{{- end -}}
{{- end -}}
{{- end -}}
