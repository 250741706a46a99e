#!/bin/sh
# A subset of the paper's sizes within ten minutes on one GPU: two arms on αβα against αββ, at four
# numbers of training strings. Finished points are JSON files in OUT/points/training; copied into
# the same folder of a report that the same code makes, they are on its page of trained networks.
# JAX has to see the GPU: pip install 'jax[cuda13]', or what its documentation names.
#
#   sh docs/train-on-a-gpu.sh [OUT [SIZE [N,N]]]      SIZE and N for a trial run: taste 64
set -u
out=${1:-gpu}
size=${2:-paper}
n=${3:-256,1024,4096,8192}
timeout --signal=INT 570 "${PYTHON:-python}" -m validation train aba-abb \
  --arms vanilla,a --size "$size" --n "$n" --jobs 1 --out "$out"
code=$?
if [ "$code" -eq 124 ]; then
  echo "Ten minutes are over: what is finished is kept, and the same command goes on from there."
fi
ls "$out/points/training" 2>/dev/null
exit "$code"
