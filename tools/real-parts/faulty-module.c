// A PKCS#11 module that stands before another one, and fails where a test wants it to. FAULTY_REAL names the module behind
// it, FAULTY_PLAN a file with a fault per line: the name of a function, and what it does instead of its work. FAULTY_LOG
// gets the name of each function below that was called.
//
//   C_Login 0xa4           answers with this CK_RV, every time
//   C_Encrypt 0xb3 4711    and this only in the process with this id
//   C_Encrypt crash        ends the process as a bad pointer would
//   C_Encrypt hang         never returns
//   C_GenerateKey special  makes keys that can be read out of the token
//   C_GetTokenInfo special says that one more wrong PIN locks the token
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11.h"

static CK_FUNCTION_LIST faulty;
static CK_FUNCTION_LIST_PTR real;
static int is_special;

/** -1 when the function is to do its work. */
static long fault_of(const char *name) {
  is_special = 0;
  char function[64], what[64];
  long where;
  long fault = -1;
  FILE *log = fopen(getenv("FAULTY_LOG"), "a");
  if (log) {
    fprintf(log, "%s\n", name);
    fclose(log);
  }
  FILE *plan = fopen(getenv("FAULTY_PLAN"), "r");
  if (!plan) return -1;
  char line[160];
  while (fgets(line, sizeof line, plan)) {
    where = getpid();
    if (sscanf(line, "%63s %63s %ld", function, what, &where) < 2 || strcmp(function, name) != 0) continue;
    if (where != getpid()) continue;
    if (strcmp(what, "crash") == 0) abort();
    while (strcmp(what, "hang") == 0) pause();
    is_special = strcmp(what, "special") == 0;
    if (!is_special) fault = strtol(what, 0, 16);
  }
  fclose(plan);
  return fault;
}

#define FAULTY(name, parameters, arguments)  \
  static CK_RV faulty_##name parameters {    \
    long fault = fault_of(#name);            \
    if (fault >= 0) return (CK_RV)fault;     \
    return real->name arguments;             \
  }

FAULTY(C_Initialize, (CK_VOID_PTR options), (options))
FAULTY(C_Login, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_UTF8CHAR_PTR pin, CK_ULONG length), (s, u, pin, length))
FAULTY(C_EncryptInit, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k), (s, m, k))
FAULTY(C_Encrypt, (CK_SESSION_HANDLE s, CK_BYTE_PTR in, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR m), (s, in, n, out, m))
FAULTY(C_SetAttributeValue, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR a, CK_ULONG n), (s, o, a, n))

static CK_RV faulty_C_GenerateKey(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR template, CK_ULONG count,
                                  CK_OBJECT_HANDLE_PTR key) {
  long fault = fault_of("C_GenerateKey");
  if (fault >= 0) return (CK_RV)fault;
  for (CK_ULONG at = 0; is_special && at < count; at++)
    if (template[at].type == CKA_EXTRACTABLE) *(CK_BBOOL *)template[at].pValue = CK_TRUE;
  return real->C_GenerateKey(s, m, template, count, key);
}

static CK_RV faulty_C_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  long fault = fault_of("C_GetTokenInfo");
  if (fault >= 0) return (CK_RV)fault;
  CK_RV rv = real->C_GetTokenInfo(slot, info);
  if (rv == CKR_OK && is_special) info->flags |= CKF_USER_PIN_FINAL_TRY;
  return rv;
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  void *module = dlopen(getenv("FAULTY_REAL"), RTLD_NOW);
  CK_C_GetFunctionList get = module ? (CK_C_GetFunctionList)dlsym(module, "C_GetFunctionList") : 0;
  if (!get || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
  faulty = *real;
  faulty.C_Initialize = faulty_C_Initialize;
  faulty.C_Login = faulty_C_Login;
  faulty.C_EncryptInit = faulty_C_EncryptInit;
  faulty.C_Encrypt = faulty_C_Encrypt;
  faulty.C_SetAttributeValue = faulty_C_SetAttributeValue;
  faulty.C_GenerateKey = faulty_C_GenerateKey;
  faulty.C_GetTokenInfo = faulty_C_GetTokenInfo;
  *list = &faulty;
  return CKR_OK;
}
