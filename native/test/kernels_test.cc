// The kernels by themselves, without Node: on every instruction set of this machine, against references that are as plain as
// can be. Meant to run under AddressSanitizer and UndefinedBehaviorSanitizer; see run.mjs.
#include "check.h"

#include "fold_test.h"
#include "group_test.h"

#include "dense_test.h"
#include "placed_test.h"
#include "hash_test.h"
#include "partition_test.h"
#include "text_test.h"

int main() {
  setvbuf(stdout, nullptr, _IOLBF, 4096);  // what was found is shown even if the sanitizer ends the process
  std::vector<const Kernels*> sets = {&baseKernels()};
  if (&bestKernels() != &baseKernels()) sets.push_back(&bestKernels());
  int passed = 0, failed = 0;
  for (const Kernels* k : sets) {
    printf("%s kernels%s\n", k->name, EXACT_MEMORY ? ", every byte watched" : "");
    for (const Test& test : tests()) {
      differences = 0;
      test.run(*k);
      if (differences == 0) {
        passed++;
        continue;
      }
      failed++;
      printf("x %s: %s, %d differences\n", k->name, test.name, differences);
    }
  }
  if (sets.size() == 1) printf("this machine has no other instruction set to test\n");
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
