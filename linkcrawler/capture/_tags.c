/* Cuts the tags of a page as the patterns of tags.py do, in a fifth of their time; both leave the same pages to the tree.

   A span is read from `at`, ends before `end`, and its readers return where it ends, or NULL where it is not understood.
   Nothing is read at or beyond `end`.
*/

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { SPACE = 1, SLASH = 2, GREATER = 4, LESS = 8, EQUALS = 16, QUOTE = 32, LETTER = 64 };

static unsigned char kinds[256];

static inline int is(const char *at, int which)
{
    return (kinds[(unsigned char)*at] & which) != 0;
}

static const char *skip_to(const char *at, const char *end, int which)
{
    while (at < end && !is(at, which))
        at++;
    return at;
}

static const char *skip_over(const char *at, const char *end, int which)
{
    while (at < end && is(at, which))
        at++;
    return at;
}

static const char *find(const char *at, const char *end, char sign)
{
    return at < end ? memchr(at, sign, (size_t)(end - at)) : NULL;
}

static int begins(const char *at, const char *end, const char *signs)
{
    size_t length = strlen(signs);
    return (size_t)(end - at) >= length && memcmp(at, signs, length) == 0;
}

/* The same in any case, of letters; they are given in lower case. */
static int begins_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(end - at) < length)
        return 0;
    for (size_t i = 0; i < length; i++)
        if ((at[i] | 0x20) != word[i])
            return 0;
    return 1;
}

/* Whether a tag's whole name is `name`. */
static int names(const char *at, const char *end, const char *name)
{
    if (!begins_word(at, end, name))
        return 0;
    at += strlen(name);
    return at < end && is(at, SPACE | SLASH | GREATER);
}

/* As it is written, with its quotes. */
typedef struct {
    int told;
    const char *from, *to;
} Href;

static const char *read_value(const char *at, const char *end)
{
    if (at == end)
        return NULL;
    if (is(at, QUOTE)) {
        const char *close = find(at + 1, end, *at);
        return close ? close + 1 : NULL;
    }
    at = skip_to(at, end, SPACE | LESS | GREATER);
    return at < end && !is(at, LESS) ? at : NULL;
}

/* What follows a tag's name, with its end. `href` is told the first one, which is empty where it has no value. */
static const char *read_attributes(const char *at, const char *end, Href *href)
{
    for (;;) {
        at = skip_over(at, end, SPACE | SLASH);
        if (at == end || is(at, LESS | EQUALS))
            return NULL;
        if (is(at, GREATER))
            return at + 1;
        const char *name = at;
        at = skip_to(at, end, SPACE | SLASH | GREATER | LESS | EQUALS);
        int is_href = href && !href->told && at - name == 4 && begins_word(name, end, "href");
        const char *sign = at < end && *at == ' ' ? at + 1 : at;
        if (sign < end && is(sign, EQUALS)) {
            /* libxml2 and the standard differ about a name that ends in a quote. */
            if (is(at - 1, QUOTE))
                return NULL;
            const char *value = skip_over(sign + 1, end, SPACE);
            at = read_value(value, end);
            if (!at)
                return NULL;
            if (is_href)
                *href = (Href){1, value, at};
        }
        else if (is_href) {
            if (at == end || !(*at == ' ' || is(at, GREATER)))
                return NULL;
            *href = (Href){1, at, at};
        }
    }
}

static const char *read_comment(const char *at, const char *end)
{
    if (begins(at, end, ">") || begins(at, end, "->"))
        return NULL;
    while ((at = find(at, end, '-'))) {
        at++;
        if (end - at >= 2 && at[0] == '-' && at[1] == '>')
            return at + 2;
        if (end - at >= 3 && at[0] == '-' && at[1] == '!' && at[2] == '>')
            return NULL;
    }
    return NULL;
}

/* An end tag, or what looks like a tag and is none, up to ">". */
static const char *read_until_greater(const char *at, const char *end, int not_within)
{
    at = skip_to(at, end, GREATER | not_within);
    return at < end && is(at, GREATER) ? at + 1 : NULL;
}

/* The content of an element that has no tags, with its end tag. */
static const char *read_raw(const char *at, const char *end, const char *name)
{
    /* Once a script has held "<!--", another "<script" in it would take the next end tag for its own. */
    int in_script = strcmp(name, "script") == 0, escaped = 0;
    while ((at = find(at, end, '<'))) {
        at++;
        if (at < end && is(at, SLASH) && names(at + 1, end, name))
            return read_until_greater(at + 1 + strlen(name), end, LESS | QUOTE);
        if (in_script && !escaped)
            escaped = begins(at, end, "!--");
        else if (in_script && begins_word(at, end, name))
            return NULL;
    }
    return NULL;
}

static const char *const RAW[] = {
    "script", "style", "title", "textarea", "iframe", "xmp", "noembed", "noframes", NULL
};

/* A tag that is no link, from its name; with all of an element whose content is no markup. */
static const char *read_other(const char *name, const char *behind, const char *end)
{
    const char *at = read_attributes(behind, end, NULL);
    if (!at || !strchr("hinpstxHINPSTX", *name))
        return at;
    int ends_itself = at[-2] == '/';
    if (names(name, end, "plaintext") || (names(name, end, "html") && ends_itself))
        return NULL;
    for (const char *const *raw = RAW; *raw; raw++)
        if (names(name, end, *raw))
            return ends_itself ? NULL : read_raw(at, end, *raw);
    return at;
}

typedef struct {
    PyObject *links, *said;
    PyObject *base;
} Found;

/* The href as text, a new reference. */
static PyObject *text_of(const Found *found, const Href *href)
{
    Py_ssize_t length = href->to - href->from;
    if (find(href->from, href->to, '&') || find(href->from, href->to, '\r'))
        return PyObject_CallFunction(found->said, "y#", href->from, length);
    int quotes = length && is(href->from, QUOTE);
    return PyUnicode_DecodeUTF8(href->from + quotes, length - 2 * quotes, "strict");
}

/* -1 with an exception set. */
static int keep(Found *found, const Href *href, int is_base, Py_ssize_t place)
{
    if (is_base && found->base != Py_None)
        return 0;
    PyObject *text = text_of(found, href);
    if (!text)
        return -1;
    if (is_base) {
        Py_DECREF(found->base);
        found->base = text;
        return 0;
    }
    PyObject *link = Py_BuildValue("(Nn)", text, place);
    if (!link)
        return -1;
    int failed = PyList_Append(found->links, link);
    Py_DECREF(link);
    return failed;
}

/* 1 if all was understood, 0 if not, -1 with an exception set. */
static int cut_tags(Found *found, const char *at, const char *end)
{
    const char *begin = at;
    int html_ended = 0;
    while ((at = find(at, end, '<'))) {
        const char *tag = at++;
        if (at == end)
            break;
        if (is(at, LETTER)) {
            const char *behind = skip_to(at, end, SPACE | SLASH | GREATER | LESS | EQUALS);
            if (behind == end || is(behind, LESS | EQUALS))
                return 0;
            int is_base = names(at, end, "base");
            if (is_base || names(at, end, "a") || names(at, end, "area")) {
                Href href = {0};
                /* The parser drops what follows the end of <html>: pages that have links there are its own. */
                if (html_ended || !(at = read_attributes(behind, end, &href)))
                    return 0;
                if (href.told && keep(found, &href, is_base, tag - begin) < 0)
                    return -1;
                continue;
            }
            at = read_other(at, behind, end);
        }
        else if (is(at, SLASH)) {
            at++;
            int is_end = at < end && is(at, LETTER);
            html_ended |= is_end && names(at, end, "html");
            at = read_until_greater(at, end, is_end ? LESS | QUOTE : LESS);
        }
        else if (begins(at, end, "!--"))
            at = read_comment(at + 3, end);
        else if (*at == '!' || *at == '?')
            at = read_until_greater(at, end, LESS);
        if (!at)
            return 0;
    }
    return 1;
}

static PyObject *cut(PyObject *Py_UNUSED(module), PyObject *arguments)
{
    const char *page;
    Py_ssize_t length;
    Found found = {0};
    if (!PyArg_ParseTuple(arguments, "y#O", &page, &length, &found.said))
        return NULL;
    found.base = Py_NewRef(Py_None);
    found.links = PyList_New(0);
    int understood = found.links ? cut_tags(&found, page, page + length) : -1;
    if (understood == 1)
        return Py_BuildValue("(NN)", found.links, found.base);
    Py_XDECREF(found.links);
    Py_DECREF(found.base);
    if (understood == 0)
        Py_RETURN_NONE;
    return NULL;
}

static PyMethodDef methods[] = {
    {"cut", cut, METH_VARARGS, "What linkcrawler.capture.tags.cut gives."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "linkcrawler.capture._tags", .m_size = 0, .m_methods = methods,
};

static void sort_signs(const char *signs, int which)
{
    for (; *signs; signs++)
        kinds[(unsigned char)*signs] |= which;
}

PyMODINIT_FUNC PyInit__tags(void)
{
    sort_signs(" \t\n\f\r", SPACE);
    sort_signs("/", SLASH);
    sort_signs(">", GREATER);
    sort_signs("<", LESS);
    sort_signs("=", EQUALS);
    sort_signs("\"'", QUOTE);
    sort_signs("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", LETTER);
    return PyModule_Create(&definition);
}
