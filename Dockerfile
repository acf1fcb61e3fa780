# Everything that ihk needs, for CI and for machines without Python: docker build -t ihk .
# docker run --rm -v "$PWD:/projekt" ihk ihk check
FROM debian:12-slim

# git: states of a repository (HEAD~1:…); curl: comments in merge requests.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl git python3 python3-venv \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 ihk

# The lock first: this layer stays while only the program changes.
COPY requirements/lock.txt /opt/ihk/requirements/lock.txt
RUN python3 -m venv /opt/ihk/venv \
    && /opt/ihk/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /opt/ihk/requirements/lock.txt

COPY pyproject.toml README.md LICENSE CHANGELOG.md /opt/ihk/quelle/
COPY ihk /opt/ihk/quelle/ihk
COPY templates /opt/ihk/quelle/templates
RUN /opt/ihk/venv/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation /opt/ihk/quelle \
    && rm -rf /opt/ihk/quelle

ENV PATH=/opt/ihk/venv/bin:$PATH
USER ihk
# A repository that belongs to another user would otherwise be refused by git.
RUN git config --global --add safe.directory '*'
WORKDIR /projekt
ENTRYPOINT []
CMD ["ihk", "--help"]
