# shellcheck shell=bash
# Where programs come from: packages of Debian, sources of Go modules. Sourced; `say` is the script's own.

tools=${TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/floorwalker} # where they are kept

need() { # WHAT FOR, then tools without which it ends with 3
    local what=$1 tool
    shift
    for tool in "$@"; do
        command -v "$tool" >/dev/null || { say "$tool is missing; $what"; exit 3; }
    done
}

scratch() { # a folder that goes when the script ends; sets $scratch
    scratch=$(mktemp -d)
    trap 'chmod -R u+w "$scratch"; rm -rf "$scratch"' EXIT
}

package() { # NAME: Debian's package, unpacked to $scratch/unpacked
    scratch
    # Without lists of packages it needs an update first; that one may need root.
    (cd "$scratch" && { apt-get download -q "$1" || { apt-get update -q && apt-get download -q "$1"; }; } \
        >apt.log 2>&1 && dpkg -x "$1"_*.deb unpacked) ||
        { tail -3 "$scratch/apt.log" >&2; say "the package $1 could not be fetched"; exit 3; }
}

keep() { # FOLDER TARGET: moves it there at once; whoever does the same at the same time has the same
    mkdir -p "$(dirname "$2")"
    local beside
    beside=$(mktemp -d "$2.XXXXXX")
    chmod 755 "$beside"
    cp -r "$1/." "$beside"
    mv -T "$beside" "$2" 2>/dev/null || rm -rf "$beside"
}

# `go install` refuses a module that replaces others, so its sources are copied and built in place.
sources() { # MODULE VERSION: goes to a copy of them, in $scratch
    scratch
    say "fetching $1 $2"
    local fetched
    fetched=$(cd "$scratch" && go mod download -json "$1@$2" | sed -n 's/^\t"Dir": "\(.*\)",*$/\1/p')
    cp -r "$fetched" "$scratch/sources"
    chmod -R u+w "$scratch/sources"
    cd "$scratch/sources"
}
