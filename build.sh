#!/bin/sh
# Shorter names for what dotnet does; none of it needs this script.
#   ./build.sh         builds everything
#   ./build.sh pack    makes the packages to install Morgana from, in artifacts/packages (docs/install.md)
set -eu
cd "$(dirname -- "$0")"
case ${1:-build} in
    build) exec dotnet build Morgana.slnx -nologo -v quiet ;;
    pack) exec dotnet build eng/Packages.proj -nologo -v quiet ;;
    *) echo "build.sh: there is no '$1': build or pack." >&2 && exit 2 ;;
esac
