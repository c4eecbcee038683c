// Every kernel, for one instruction set. Included once per set, inside a namespace; see dispatch.h.
#include "pack.inl.h"
#include "hash.inl.h"
#include "text.inl.h"
#include "group.inl.h"
#include "fold.inl.h"
#include "placed.inl.h"
#include "partition.inl.h"

static const Kernels kernels = {
    KERNELS_NAME,   validateUtf8,   lines,          splitByte,    splitLiteral,    splitClass, selectNonEmpty,
    hashUtf8,       groupUtf8,      groupI32,       groupF64,     groupDense,      reslot,     tagsF64,
    minMaxI32,      foldF64,        foldI32,        foldF64ByGroup, foldI32ByGroup, foldConstByGroup,
    foldDenseF64,   foldDenseI32,   foldConstDense, exactness,    negateF64,    fillF64,
    countDense,     markCounts,     markFolded,     takePlacesF64, takePlacesI32, foldPlacesF64,   foldPlacesI32, slidePlacesF64, slidePlacesI32,
    dropPlaces,     placesOf,       selectKeys,
    partitionI32,   partitionF64,   partitionHashes, bucket,      divideI32,    gather8,         gather32,   gather64,
    spansSize,      packSpans,
};
