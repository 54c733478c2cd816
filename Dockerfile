# The portal as one image: web, worker and scheduler start from it with different commands.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /portal
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements/ requirements/
RUN pip install --require-hashes -r requirements/runtime.txt -r requirements/prod.txt
# What only set-up needs stays out of the final image.
RUN python -m venv /setup \
 && /setup/bin/pip install --require-hashes -r requirements/runtime.txt -r requirements/setup.txt
COPY . .
RUN DATA_DIR=/tmp/build /setup/bin/python manage.py build_assets \
 && for catalogue in locale/*/LC_MESSAGES/django.po; do \
      language=$(basename "$(dirname "$(dirname "$catalogue")")"); \
      /setup/bin/pybabel --quiet compile --locale "$language" --input-file "$catalogue" --output-file "${catalogue%.po}.mo"; \
    done \
 && rm -rf node_modules tests docs
# Values that let production settings load; none of them is kept in the image.
RUN DJANGO_SETTINGS_MODULE=bethune_smartcity.settings.production \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
    SITE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid DATA_DIR=/tmp/build \
    DATABASE_URL=postgres://build.invalid/build REDIS_URL=redis://build.invalid \
    EMAIL_URL=smtp://build.invalid STORAGE_URL=file:///tmp/build \
    python manage.py collectstatic --no-input --verbosity 0

FROM python:3.13-slim
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --home-dir /nonexistent portal \
 && install -d -o portal -g portal /data /files
COPY --from=build /venv /venv
COPY --from=build /portal /portal
WORKDIR /portal
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=bethune_smartcity.settings.production DATA_DIR=/data STORAGE_URL=file:///files
USER portal
VOLUME ["/data", "/files"]
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["python", "bethune_smartcity/probe.py", "web"]
# Loaded before the workers fork, so that a wrong setting stops the start instead of restarting them for ever.
CMD ["gunicorn", "bethune_smartcity.wsgi", "--preload", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--limit-request-line", "8190", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
